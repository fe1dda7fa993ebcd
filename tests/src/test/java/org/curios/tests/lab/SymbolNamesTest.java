package org.curios.tests.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.curios.machine.image.SymbolNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolNamesTest {
  @ParameterizedTest
  @CsvSource({
    "memcpy, memcpy",
    "_ZN6curios4callEPNS_6ThreadE, call",
    "_ZN6curiosL6notifyEPNS_5StateE, notify",
    "_ZN6curios5files12_GLOBAL__N_14openEPNS1_5StateEjjj, files::open",
    "_ZN6curios5files12_GLOBAL__N_14SureIXadL_ZNS1_7look_atEPNS1_5StateEjjjEEE5enterES4_jjj, files::look_at",
    "_ZZN6curios5files3runIZNS0_10write_partEjjRybjjjE3$_0EEibT_ENUlPvE_8__invokeES5_, files::write_part::lambda",
    "_Z, _Z",
    "_ZN99x, _ZN99x"
  })
  void names(String symbol, String name) {
    assertEquals(name, SymbolNames.readable(symbol));
  }
}
