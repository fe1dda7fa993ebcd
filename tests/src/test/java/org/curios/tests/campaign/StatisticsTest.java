package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.curios.campaign.stat.Paired;
import org.curios.campaign.stat.Precision;
import org.curios.campaign.stat.Share;
import org.curios.lab.LabException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Intervals, tests and numbers of trials, compared with published examples. */
class StatisticsTest {
  /** Newcombe, Statistics in Medicine 17 (1998), table I, method 3. */
  @Test
  void intervalsAreWilsons() {
    Share share = new Share(81, 263);
    assertEquals(0.3080, share.value(), 1e-4);
    assertEquals(0.2553, share.low(), 1e-4);
    assertEquals(0.3662, share.high(), 1e-4);
    assertEquals(1, new Share(20, 20).high());
    assertEquals(0, new Share(0, 20).low());
    assertEquals("-", new Share(0, 0).text());
    assertEquals("100.0 % (83.9-100.0)", new Share(20, 20).text());
    assertEquals("99.99 % (99.98-100.00)", new Share(24_999, 25_000).text());
    assertEquals("0.1 % (0.0-0.6)", new Share(1, 999).text());
  }

  /**
   * The usual formula gives 960,365 for half of the trials, which Wilson's interval needs less 4.
   */
  @Test
  void aPrecisionNeedsSoManyTrials() {
    Precision precision = Precision.parse("±0.1 % at 95 %");
    long trials = precision.trials(Precision.WORST);
    assertEquals(960_361, trials);
    Share half = new Share((int) trials / 2, (int) trials);
    assertTrue(half.high() - half.low() <= 0.002, half::toString);
    Share fewer = new Share((int) trials / 2 - 5, (int) trials - 10);
    assertFalse(fewer.high() - fewer.low() <= 0.002, fewer::toString);
    assertTrue(precision.trials(0.998) < 10_000);
    assertEquals("±0.1 % at 95 %", precision.toString());
    assertEquals(precision, Precision.parse("0.1%"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0 %", "51 %", "1 % at 100 %", "1", "-1 %"})
  void whatIsNoPrecisionIsRefused(String text) {
    assertThrows(LabException.class, () -> Precision.parse(text));
  }

  /** Agresti, Categorical Data Analysis: 150 and 86 discordant pairs of 1600. */
  @Test
  void pairsAreComparedByMcNemarsTest() {
    Paired pairs = new Paired(794, 150, 86, 570);
    assertEquals(1600, pairs.pairs());
    assertEquals(0.04, pairs.difference(), 1e-9);
    assertEquals(3.7e-5, pairs.probability(), 1e-6);
    assertTrue(pairs.isSignificant());
    assertEquals(1, new Paired(10, 0, 0, 0).probability());
    assertEquals(0.5, new Paired(10, 2, 0, 0).probability(), 1e-12);
    assertFalse(new Paired(10, 5, 0, 0).isSignificant());
    assertTrue(new Paired(10, 6, 0, 0).isSignificant());
    assertEquals(
        new Paired(1, 1, 1, 1),
        new Paired(0, 0, 0, 0)
            .with(true, true)
            .with(true, false)
            .with(false, true)
            .with(false, false));
  }
}
