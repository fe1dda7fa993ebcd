package org.curios.campaign.spark;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of Spark that campaigns need; the user may set others. */
public final class SparkSettings {
  /** System property: the options with which a JVM compiles the guest. */
  public static final String JVM_OPTIONS = "curios.jvm.options";

  /** SparkSettings of the options and the class path of executors. */
  static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

  private static final String EXECUTOR_PATH = "spark.executor.extraClassPath";

  /**
   * Libraries that Spark has too, and that must not come before its own; and those that trials do
   * not need: the manifest of native-lib-loader brings an old slf4j.
   */
  private static final Pattern NOT_OURS =
      Pattern.compile(
          "(parquet|slf4j|snappy-java|jts-core|jline|picocli|js|regex|icu4j|xz|capstone"
              + "|native-lib-loader)-.*");

  private SparkSettings() {}

  /**
   * Returns the settings of every campaign.
   *
   * @param sparkJars folder of Spark's own jars; null if they are not on the class path
   */
  public static Map<String, String> ofAll(Path sparkJars) {
    Map<String, String> all = new TreeMap<>();
    all.put("spark.ui.enabled", "false");
    all.put("spark.ui.showConsoleProgress", "false");
    // Trials are pure: a second attempt at a part that is slow does no harm.
    all.put("spark.speculation", "true");
    all.put("spark.executor.memory", "2g");
    all.put(EXECUTOR_PATH, String.join(File.pathSeparator, ours(sparkJars)));
    String options = System.getProperty(JVM_OPTIONS);
    if (options != null) {
      all.put(EXECUTOR_OPTIONS, options);
    }
    all.put("spark.sql.sources.commitProtocolClass", "org.curios.campaign.spark.PartCommit");
    // A task's file is moved to its place when the task commits, not when all have.
    all.put("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "2");
    all.put("spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false");
    // No files of checksums beside the parts.
    all.put("spark.hadoop.fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    return all;
  }

  /** Returns the same for {@code spark-submit}, whose own class path has Spark only. */
  public static Map<String, String> ofSubmit() {
    Map<String, String> all = ofAll(null);
    all.put(
        "spark.jars", classPath(null).map(p -> "local://" + p).collect(Collectors.joining(",")));
    String options = System.getProperty(JVM_OPTIONS);
    if (options != null) {
      all.put("spark.driver.extraJavaOptions", options);
    }
    return all;
  }

  /** What executors need of the class path, the same at every machine. */
  private static List<String> ours(Path sparkJars) {
    return classPath(sparkJars)
        .filter(p -> !NOT_OURS.matcher(Path.of(p).getFileName().toString()).matches())
        .toList();
  }

  private static Stream<String> classPath(Path sparkJars) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(p -> !p.isEmpty())
        .map(p -> Path.of(p).toAbsolutePath().normalize())
        .filter(p -> sparkJars == null || !sparkJars.equals(p.getParent()))
        .map(Path::toString);
  }
}
