package org.curios.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import org.curios.arm.bus.Device;
import org.curios.arm.nodes.InstructionNode;
import org.curios.machine.Machine;
import org.curios.machine.MachineBuilder;
import org.curios.machine.VersatilePb;

/** The inner order of the front-end and the machine. */
@AnalyzeClasses(
    packages = {"org.curios.arm", "org.curios.machine"},
    importOptions = DoNotIncludeTests.class)
class MachineRulesTest {
  /** Encodings are a table of facts, which the decoders and the random tests read. */
  @ArchTest
  static final ArchRule ENCODINGS_STAND_ALONE =
      classes()
          .that()
          .resideInAPackage("..decode..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("..decode..", "java..");

  @ArchTest
  static final ArchRule ONLY_DECODERS_READ_ENCODINGS =
      classes()
          .that()
          .resideInAPackage("..decode..")
          .should()
          .onlyBeAccessed()
          .byClassesThat(
              resideInAnyPackage("..decode..", "..warm..")
                  .or(belongTo(simpleNameEndingWith("Decoder"))));

  @ArchTest
  static final ArchRule NODES_ARE_THE_FRONT_ENDS_OWN =
      noClasses()
          .that()
          .resideInAPackage("org.curios.machine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..arm.nodes..", "..arm.decode..")
          .because("a board has a processor, not its instructions");

  /**
   * An instruction works on the processor; how it got there, alone or within a compiled region, it
   * cannot see.
   */
  @ArchTest
  static final ArchRule NODES_DO_NOT_KNOW_WHO_RUNS_THEM =
      noClasses()
          .that()
          .resideInAPackage("..arm.nodes..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..arm.code..", "..arm.region..", "..arm.cold..", "..arm.run..", "..arm.language..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("org\\.curios\\.arm\\.core\\.TranslationTable.*");

  @ArchTest
  static final ArchRule INSTRUCTIONS_ARE_NODES =
      classes()
          .that()
          .areAssignableTo(InstructionNode.class)
          .should()
          .resideInAPackage("..arm.nodes..")
          .andShould()
          .haveSimpleNameEndingWith("Node");

  /** What an instruction is does not change once it is decoded: the compiler relies on it. */
  @ArchTest
  static final ArchRule INSTRUCTIONS_DO_NOT_CHANGE =
      fields()
          .that()
          .areDeclaredInClassesThat(assignableTo(InstructionNode.class))
          .should()
          .beFinal()
          .orShould()
          .beAnnotatedWith("com.oracle.truffle.api.CompilerDirectives$CompilationFinal")
          .orShould()
          .beAnnotatedWith("com.oracle.truffle.api.nodes.Node$Child");

  /** Two machines in one process are two machines. */
  @ArchTest
  static final ArchRule NOTHING_IS_SHARED_BETWEEN_MACHINES =
      fields().that().areStatic().should().beFinal();

  /** The same run again is the same run: virtual time comes from ticks. */
  @ArchTest
  static final ArchRule NO_TIME_OR_CHANCE_OF_THE_HOST =
      noClasses()
          .that()
          .resideOutsideOfPackage("..warm..") // when code is translated, not what it does
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(
              Random.class,
              Clock.class,
              Instant.class,
              java.util.concurrent.ThreadLocalRandom.class);

  @ArchTest
  static final ArchRule THREADS_ARE_FOR_INPUT_ONLY =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.curios.machine.input.ConsoleInput")
          .and()
          .doNotHaveFullyQualifiedName("org.curios.machine.net.FrameQueues")
          .and()
          .doNotHaveFullyQualifiedName("org.curios.arm.warm.WarmTier")
          .should()
          .callConstructor(Thread.class, Runnable.class)
          .orShould()
          .callConstructor(Thread.class, Runnable.class, String.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.concurrent.Executor.class)
          .because("the guest, its devices and their timers run on one thread");

  @ArchTest
  static final ArchRule NOTHING_PRINTS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(MachineBuilder.class.getName())
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .because("what the guest says goes to the console that the machine was given");

  @ArchTest
  static final ArchRule DEVICES_DO_NOT_KNOW_THEIR_BOARD =
      noClasses()
          .that()
          .areAssignableTo(Device.class)
          .and()
          .areTopLevelClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(VersatilePb.class, Machine.class);

  @ArchTest
  static final ArchRule DEVICES_KEEP_A_STATE_THAT_CAN_BE_SAVED =
      classes()
          .that()
          .areAssignableTo(Device.class)
          .and()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .should()
          .beAssignableTo("org.curios.arm.bus.Stateful");

  @ArchTest
  static final ArchRule MEMORY_OF_THE_HOST_IS_TOUCHED_IN_ONE_PLACE =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.curios.arm.bus.HostMemory")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("sun.misc.Unsafe");
}
