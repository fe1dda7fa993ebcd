package org.curios.campaign.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.curios.campaign.plan.Foreign;
import org.curios.campaign.plan.Plan;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.plan.Sampling;
import org.curios.campaign.result.Row;
import org.curios.lab.LabException;

/**
 * The folder of a campaign. Trials are stored in parts, each a file with consecutive numbers of one
 * policy, which its name gives; a part is either complete or absent, so the missing trials are
 * those that no name covers.
 */
public final class Folder implements TrialStore, AutoCloseable {
  private static final String PLAN = "plan.yaml";
  private static final String ABOUT = "campaign.properties";
  private static final String RUNS = "runs";
  private static final String FLIPS = "flips";
  private static final String OVERWRITTEN = "overwritten";
  private static final String LOCK = ".lock";
  private static final String TRIALS = "trials";
  private static final String VERSION = "1";

  /** Rows of a part, by the size of the campaign. */
  private static final int FEWEST_ROWS = 16;

  private static final int MOST_ROWS = 1000;
  private static final int PARTS = 100;

  private final Path path;
  private final Plan plan;
  private final String image;
  private FileChannel lock;

  private Folder(Path path, Plan plan, String image) {
    this.path = path;
    this.plan = plan;
    this.image = image;
  }

  /**
   * Makes a folder for a campaign.
   *
   * @param image digest of the image that runs
   * @throws LabException if the name is in use, or it cannot be created
   */
  public static Folder create(Path path, Plan plan, String image) {
    try {
      mustBeNew(path);
      Files.createDirectories(path.resolve(TRIALS));
      replace(path.resolve(PLAN), plan.text());
      String about = "format=" + VERSION + "\nname=" + plan.name() + "\nimage=" + image + "\n";
      if (plan.isForeign()) {
        about += ForeignEntries.of(plan.foreign());
      }
      replace(path.resolve(ABOUT), about + traced(plan));
      return new Folder(path, plan, image);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Returns the name of the folder in which a plan's results go if nothing else is said. */
  public static String nameFor(Plan plan) {
    return "campaign-" + plan.name().replaceAll("[^A-Za-z0-9_.]+", "-");
  }

  /**
   * Checks that a campaign can begin in a folder.
   *
   * @throws LabException when there is something in it
   */
  public static void mustBeNew(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> content = Files.list(path)) {
      if (content.findAny().isPresent()) {
        throw new LabException(
            path
                + ": there is something already; give another folder, or go on with: curios"
                + " campaign resume "
                + path);
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** The result of the trace of an exhaustive campaign, so that it is not repeated. */
  private static String traced(Plan plan) {
    Sampling sampling = plan.sampling();
    if (sampling.window() == null) {
      return "";
    }
    Map<String, Long> found = new LinkedHashMap<>();
    found.put(RUNS, sampling.trials());
    found.put(FLIPS, sampling.window().flips());
    found.put(OVERWRITTEN, sampling.window().overwritten());
    StringBuilder text = new StringBuilder();
    found.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return text.toString();
  }

  private static long number(Path path, Properties about, String key) {
    return number(path.resolve(ABOUT), about, key, "");
  }

  static long number(Path file, Properties about, String key, String prefix) {
    try {
      return Long.parseLong(about.getProperty(prefix + key, ""));
    } catch (NumberFormatException e) {
      throw new LabException(file + ": " + prefix + key + " is missing", e);
    }
  }

  /**
   * Opens the folder of a campaign.
   *
   * @throws LabException when it is none
   */
  public static Folder open(Path path) {
    Properties about = new Properties();
    try (var in = Files.newBufferedReader(path.resolve(ABOUT))) {
      about.load(in);
    } catch (NoSuchFileException e) {
      throw new LabException(path + ": no folder of a campaign: it has no " + ABOUT, e);
    } catch (IOException | IllegalArgumentException e) {
      throw new LabException(path.resolve(ABOUT) + ": cannot be read: " + e.getMessage(), e);
    }
    if (!VERSION.equals(about.getProperty("format"))) {
      throw new LabException(
          path.resolve(ABOUT)
              + ": format "
              + about.getProperty("format")
              + ", which this version does not know");
    }
    Foreign foreign = ForeignEntries.read(path.resolve(ABOUT), about);
    Plan read = PlanReader.reread(path.resolve(PLAN), foreign == null ? null : foreign.image());
    Sampling sampling = read.sampling();
    if (sampling.window() != null) {
      sampling =
          sampling.traced(
              number(path, about, RUNS),
              number(path, about, FLIPS),
              number(path, about, OVERWRITTEN));
    }
    if (foreign != null) {
      foreign = read.foreign().measured(foreign.undisturbed());
    }
    Plan plan = read.with(sampling).with(about.getProperty("name", read.name()), foreign);
    return new Folder(path, plan, about.getProperty("image", ""));
  }

  /**
   * Keeps other processes from writing to it, until it is closed.
   *
   * @throws LabException when another one does
   */
  public void lock() {
    try {
      lock =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = lock.tryLock();
      if (held == null) {
        lock.close();
        throw new LabException(path + ": another process works on this campaign");
      }
    } catch (OverlappingFileLockException e) {
      throw new LabException(path + ": this process works on this campaign already", e);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  @Override
  public Plan plan() {
    return plan;
  }

  /** Returns the digest of the image that ran. */
  public String image() {
    return image;
  }

  private static LabException failed(Path file, IOException e) {
    String reason =
        e instanceof FileAlreadyExistsException ? "there is a file of that name" : e.toString();
    return new LabException(file + ": cannot be used: " + reason, e);
  }

  /** Writes a file atomically. */
  public static void replace(Path file, String text) throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    Files.writeString(part, text, StandardCharsets.UTF_8);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns the parts, by policy and number. */
  public List<Range> parts() {
    try (Stream<Path> files = Files.list(path.resolve(TRIALS))) {
      return files
          .map(f -> Range.of(f.getFileName().toString()))
          .filter(r -> r != null)
          .sorted(Comparator.comparing(Range::policy).thenComparingLong(Range::from))
          .toList();
    } catch (IOException e) {
      throw failed(path.resolve(TRIALS), e);
    }
  }

  /** Returns how many rows there are. */
  public long made() {
    return parts().stream().mapToLong(r -> r.to() - r.from()).sum();
  }

  @Override
  public List<Range> missing() {
    long rows = Math.clamp(plan.sampling().trials() / PARTS, FEWEST_ROWS, MOST_ROWS);
    List<Range> there = parts();
    List<Range> missing = new ArrayList<>();
    for (String policy : plan.policies()) {
      long next = 0;
      for (Range r : there) {
        if (r.policy().equals(policy)) {
          Range.addPieces(missing, policy, next, r.from(), rows);
          next = r.to();
        }
      }
      Range.addPieces(missing, policy, next, plan.sampling().trials(), rows);
    }
    return missing;
  }

  @Override
  public void store(Range range, List<Row> rows) {
    Path file = path.resolve(TRIALS).resolve(range.file());
    try {
      PartFile.write(file, rows);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Returns where the parts are. */
  public Path trials() {
    return path.resolve(TRIALS);
  }

  /** Reads all rows, by policy and number. */
  public void read(Consumer<Row> each) {
    parts().forEach(r -> read(r, each));
  }

  /** Reads the rows of a part. */
  public void read(Range part, Consumer<Row> each) {
    Path file = trials().resolve(part.file());
    try {
      PartFile.read(file, each);
    } catch (IOException | RuntimeException e) {
      throw new LabException(
          file + ": damaged; delete it, and curios campaign resume makes it again", e);
    }
  }

  /**
   * Returns the rows of a trial, one for each policy for which it is there.
   *
   * @throws LabException when there is none
   */
  public List<Row> trial(long number) {
    List<Row> found = new ArrayList<>();
    for (Range r : parts()) {
      if (r.from() <= number && number < r.to()) {
        try {
          PartFile.read(
              path.resolve(TRIALS).resolve(r.file()),
              row -> {
                if (row.trial() == number) {
                  found.add(row);
                }
              });
        } catch (IOException e) {
          throw failed(path.resolve(TRIALS).resolve(r.file()), e);
        }
      }
    }
    if (found.isEmpty()) {
      throw new LabException(
          path
              + ": no trial "
              + number
              + "; there are 0 to "
              + (plan.sampling().trials() - 1)
              + (missing().isEmpty() ? "" : ", not all of which are made"));
    }
    return found;
  }

  @Override
  public void close() {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        throw failed(path, e);
      }
    }
  }
}
