package org.curios.arm.warm;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;

/**
 * Requests methods from the host's first compiler, at once and without profiles. HotSpot has this
 * for its own tests (the class {@code jdk.test.whitebox.WhiteBox}), where an option allows it;
 * otherwise methods are compiled only after many calls, and twice, first with profiles.
 */
final class HostCompiler {
  private static final String WHITE_BOX = "jdk/test/whitebox/WhiteBox";

  /** The first compiler without profiles. */
  private static final int PLAIN = 1;

  /** The whole method, and no loop within it. */
  private static final int WHOLE = -1;

  private static final HostCompiler INSTANCE = make();

  private final Object whiteBox;
  private final Method enqueue;

  private HostCompiler(Object whiteBox, Method enqueue) {
    this.whiteBox = whiteBox;
    this.enqueue = enqueue;
  }

  /** Returns the instance; null if the host has none, or an option forbids it. */
  static HostCompiler get() {
    return INSTANCE;
  }

  private static HostCompiler make() {
    try {
      Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
      byte[] bytes = classFile();
      Class<?> made =
          (Class<?>)
              unsafe
                  .getMethod(
                      "defineClass",
                      String.class,
                      byte[].class,
                      int.class,
                      int.class,
                      ClassLoader.class,
                      java.security.ProtectionDomain.class)
                  .invoke(
                      unsafe.getMethod("getUnsafe").invoke(null),
                      WHITE_BOX,
                      bytes,
                      0,
                      bytes.length,
                      null,
                      null);
      Constructor<?> constructor = made.getConstructor();
      Object instance = constructor.newInstance();
      made.getMethod("registerNatives").invoke(null);
      made.getMethod("setBooleanVMFlag", String.class, boolean.class)
          .invoke(instance, "DisplayVMOutput", true);
      return new HostCompiler(
          instance,
          made.getMethod("enqueueMethodForCompilation0", Executable.class, int.class, int.class));
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }

  /** The class, reduced to the native methods that are needed. */
  private static byte[] classFile() {
    ClassWriter c = new ClassWriter(WHITE_BOX, "java/lang/Object");
    c.nativeMethod(ClassWriter.PUBLIC | ClassWriter.STATIC, "registerNatives", "()V");
    c.nativeMethod(ClassWriter.PUBLIC, "setBooleanVMFlag", "(Ljava/lang/String;Z)V");
    c.nativeMethod(
        ClassWriter.PUBLIC, "enqueueMethodForCompilation0", "(Ljava/lang/reflect/Executable;II)Z");
    c.method(
        ClassWriter.PUBLIC,
        "<init>",
        "()V",
        m -> m.aload(0).invokespecial("java/lang/Object", "<init>", "()V").return_());
    return c.finish();
  }

  /**
   * Compiles a method and, if the options of the host say so, waits for that.
   *
   * @return whether the host has accepted it
   */
  boolean compile(Method method) {
    try {
      return (Boolean) enqueue.invoke(whiteBox, method, PLAIN, WHOLE);
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
