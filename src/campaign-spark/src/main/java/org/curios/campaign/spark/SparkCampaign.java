package org.curios.campaign.spark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.curios.campaign.result.Columns;
import org.curios.campaign.run.Maker;
import org.curios.campaign.store.Folder;
import org.curios.campaign.store.Range;
import org.curios.lab.LabException;

/**
 * Makes the trials of a campaign that are missing on a cluster of Spark. Each part is a task; the
 * driver lets one attempt at it commit.
 */
public final class SparkCampaign implements Maker {
  private static final Pattern MASTER = Pattern.compile("spark://([^:,/]+):(\\d{1,5})");
  private static final Pattern OURS = Pattern.compile("LabException: ([^\\n]*)");
  private static final int PATIENCE_MS = 5000;
  private static final long BETWEEN_LOOKS_MS = 250;

  private final Folder folder;
  private final SparkConf conf;
  private final Consumer<org.curios.campaign.result.Row> each;
  private final Attempts attempts = new Attempts();
  private final Set<Range> seen;
  private volatile boolean stopped;
  private volatile SparkSession session;

  /**
   * Prepares to run the missing trials.
   *
   * @param folder on a file system that driver and executors share
   * @param master where the cluster is, as Spark has it; null for the master in Spark's own
   *     settings
   * @param settings of Spark, which come before those of all campaigns
   * @param each receives each trial after its part was committed, by one thread at a time
   * @throws LabException when the master does not answer, or executors could not compile
   */
  public SparkCampaign(
      Folder folder,
      String master,
      Map<String, String> settings,
      Consumer<org.curios.campaign.result.Row> each) {
    this.folder = folder;
    this.each = each;
    conf = new SparkConf(); // with what spark-submit has found
    SparkSettings.ofAll(sparkJars()).forEach(conf::setIfMissing);
    settings.forEach(conf::set);
    conf.setIfMissing("spark.app.name", "curios campaign " + folder.plan().name());
    if (master != null) {
      conf.setMaster(master);
    }
    if (!conf.contains("spark.master")) {
      throw new LabException("--master is missing: say where the cluster is, or local[*]");
    }
    check();
    seen = new HashSet<>(folder.parts());
  }

  private void check() {
    String where = conf.get("spark.master");
    if (!where.startsWith("local") && !conf.contains(SparkSettings.EXECUTOR_OPTIONS)) {
      throw new LabException(
          SparkSettings.EXECUTOR_OPTIONS
              + " is missing: executors would not compile the guest; curios campaign spark"
              + " --settings says what it is");
    }
    mustAnswer(where);
  }

  /**
   * Checks that the master of a standalone cluster answers; others cannot be checked.
   *
   * @throws LabException when it does not
   */
  public static void mustAnswer(String master) {
    Matcher m = MASTER.matcher(master);
    if (m.matches()) {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(m.group(1), Integer.parseInt(m.group(2))), PATIENCE_MS);
      } catch (IOException | IllegalArgumentException e) {
        throw new LabException("--master " + master + ": no master answers there", e);
      }
    }
  }

  private static Path sparkJars() {
    try {
      return Path.of(SparkConf.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns what Spark did so far: executors, attempts at parts, and how many failed. */
  public Map<String, Integer> counts() {
    return attempts.counts();
  }

  @Override
  public void stop() {
    stopped = true;
    SparkSession running = session;
    if (running != null && !running.sparkContext().isStopped()) {
      running.sparkContext().cancelAllJobs();
    }
  }

  @Override
  public void run() throws InterruptedException {
    List<Range> missing = folder.missing();
    if (missing.isEmpty()) {
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    Thread watch = Thread.ofVirtual().start(() -> watch(over));
    try {
      session = opened();
      session.sparkContext().addSparkListener(attempts);
      if (!stopped) {
        write(missing.stream().map(Range::file).toList());
      }
    } finally {
      if (session != null) {
        session.stop();
      }
      over.countDown();
      watch.join();
    }
    tell();
    int left = folder.missing().size();
    if (left > 0 && !stopped) {
      throw new LabException(
          folder.path()
              + ": "
              + left
              + " of "
              + missing.size()
              + " parts are not there; driver and executors must share this folder");
    }
  }

  private SparkSession opened() {
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) { // Scala does not declare what it throws
      throw new LabException("--master " + conf.get("spark.master") + ": " + reason(e), e);
    }
  }

  private void write(List<String> parts) {
    PartTask task = new PartTask(folder.plan().text(), folder.image());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    JavaRDD<Row> rows = context.parallelize(parts, parts.size()).flatMap(task);
    try {
      session
          .createDataFrame(rows, schema())
          .write()
          .mode(SaveMode.Append)
          .option(PartCommit.PARTS, String.join(",", parts))
          .parquet("file:" + folder.trials().toAbsolutePath().normalize());
    } catch (Exception e) { // Scala does not declare what it throws
      if (!stopped) {
        throw new LabException(reason(e), e);
      }
    }
  }

  /** The cause of a failed job: our message from an executor, or Spark's. */
  private static String reason(Throwable failure) {
    String last = failure.toString();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      Matcher m = OURS.matcher(String.valueOf(t));
      if (m.find()) {
        return m.group(1);
      }
      last = t.toString();
    }
    return "Spark: " + last.lines().findFirst().orElse("the job has failed");
  }

  private static StructType schema() {
    return new StructType(
        Columns.all().stream()
            .map(c -> new StructField(c.name(), type(c.type()), false, Metadata.empty()))
            .toArray(StructField[]::new));
  }

  private static DataType type(Class<?> type) {
    return type == long.class
        ? DataTypes.LongType
        : type == boolean.class ? DataTypes.BooleanType : DataTypes.StringType;
  }

  private void watch(CountDownLatch over) {
    try {
      while (!over.await(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS)) {
        tell();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reports the parts that have arrived. */
  private synchronized void tell() {
    for (Range part : folder.parts()) {
      if (seen.add(part)) {
        folder.read(part, each);
      }
    }
  }
}
