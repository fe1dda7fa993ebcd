package org.curios.tests.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.report.Report;
import org.curios.campaign.run.Campaign;
import org.curios.campaign.store.Folder;
import org.curios.tests.Peers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a browser shows it, on a phone and on a desk. */
class PageTest {
  private static final String MEASURE =
      "<script>document.title=[document.documentElement.scrollWidth,innerWidth,"
          + "[...document.querySelectorAll('svg')].filter(s=>s.getBoundingClientRect().height>20)"
          + ".length].join(' ')</script>";

  @TempDir Path temporary;

  private String browse(String... options) throws IOException, InterruptedException {
    String[] command = new String[options.length + 5];
    command[0] = "chromium";
    command[1] = "--headless";
    command[2] = "--no-sandbox";
    command[3] = "--disable-gpu";
    command[4] = "--user-data-dir=" + temporary.resolve("profile");
    System.arraycopy(options, 0, command, 5, options.length);
    Path out = temporary.resolve("out.html");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("the browser does not end");
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  @Test
  void fitsAPhoneAndADeskAndShowsItsCharts() throws IOException, InterruptedException {
    Peers.needChromium();
    Path page = temporary.resolve("report.html");
    Path made = temporary.resolve("made");
    var plan =
        PlanReader.parse(
            "p.yaml",
            "policies: [restart, ssr]\nfaults: [crash, register]\nsampling: {trials: 8}\n");
    try (Folder folder = Folder.create(made, plan, Campaign.image())) {
      new Campaign(folder, row -> {}).run(2);
      Files.writeString(
          page,
          Files.readString(Report.of(folder, Campaign.program()).write())
              .replace("</body>", MEASURE + "</body>"));
    }
    for (int width : new int[] {500, 1200}) {
      String dom = browse("--window-size=" + width + ",800", "--dump-dom", page.toUri().toString());
      Matcher m = Pattern.compile("<title>(\\d+) (\\d+) (\\d+)</title>").matcher(dom);
      assertTrue(m.find(), dom);
      assertTrue(Integer.parseInt(m.group(1)) <= Integer.parseInt(m.group(2)), m::group);
      assertEquals(8, Integer.parseInt(m.group(3)), m::group);
    }
    Path picture = temporary.resolve("report.png");
    browse("--window-size=500,3000", "--screenshot=" + picture, page.toUri().toString());
    var image = ImageIO.read(picture.toFile());
    assertTrue(
        java.util.stream.IntStream.range(0, image.getHeight())
            .anyMatch(y ->
                java.util.stream.IntStream.range(0, image.getWidth())
                    .anyMatch(x -> (image.getRGB(x, y) & 0xffffff) == 0x009e73)),
        "nothing has the colour of recovered trials");
  }
}
