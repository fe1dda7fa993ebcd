package org.curios.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which module may use which, and which library is whose. */
@AnalyzeClasses(packages = "org.curios", importOptions = DoNotIncludeTests.class)
class ModulesTest {
  @ArchTest
  static final ArchRule DIRECTION =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .ensureAllClassesAreContainedInArchitecture()
          .layer("arm-frontend")
          .definedBy("org.curios.arm..")
          .layer("machine")
          .definedBy("org.curios.machine..")
          .layer("kernel")
          .definedBy("org.curios.kernel..")
          .layer("lab")
          .definedBy("org.curios.lab..")
          .layer("campaign")
          .definedBy("org.curios.campaign..")
          .layer("shell")
          .definedBy("org.curios.shell..")
          .layer("bench")
          .definedBy("org.curios.bench..")
          .layer("tests")
          .definedBy("org.curios.tests..")
          .whereLayer("arm-frontend")
          .mayNotAccessAnyLayer()
          .whereLayer("machine")
          .mayOnlyAccessLayers("arm-frontend")
          .whereLayer("kernel")
          .mayNotAccessAnyLayer()
          .whereLayer("lab")
          .mayOnlyAccessLayers("arm-frontend", "machine", "kernel")
          .whereLayer("campaign")
          .mayOnlyAccessLayers("arm-frontend", "machine", "kernel", "lab")
          .whereLayer("shell")
          .mayOnlyAccessLayers("arm-frontend", "machine", "kernel", "lab", "campaign")
          .whereLayer("bench")
          .mayOnlyAccessLayers("arm-frontend", "machine", "kernel", "lab", "shell")
          .whereLayer("shell")
          .mayOnlyBeAccessedByLayers("bench", "tests")
          .whereLayer("campaign")
          .mayOnlyBeAccessedByLayers("shell", "tests")
          .whereLayer("bench")
          .mayOnlyBeAccessedByLayers("tests")
          .whereLayer("tests")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule MODULES_FORM_NO_RING =
      slices().matching("org.curios.(*)..").should().beFreeOfCycles();

  /** Guest code is known to the rest by the addresses and files of its images only. */
  @ArchTest
  static final ArchRule IMAGES_KNOW_NO_TOOLCHAIN =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.curios.kernel.build..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco..", "org.curios.kernel.build..")
          .because("clang and lld are there for the build only");

  @ArchTest
  static final ArchRule TRUFFLE_IS_THE_FRONT_ENDS =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.curios.arm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.oracle.truffle..", "sun.misc..")
          .because("devices, shell and benchmarks work on any processor that runs");

  @ArchTest
  static final ArchRule POLYGLOT_IS_THE_MACHINES_AND_THE_SCRIPTS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.curios.machine..", "org.curios.arm..", "org.curios.lab.script")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.graalvm.polyglot..")
          .because(
              "Machine hides the engine, and scripts in other languages are what polyglot is for; the"
                  + " object model that they see (lab.script.model) knows no language");

  /** The object model of scripts is plain Java; what makes it known to languages is above it. */
  @ArchTest
  static final ArchRule THE_MODEL_OF_SCRIPTS_KNOWS_NO_LANGUAGE =
      noClasses()
          .that()
          .resideInAPackage("org.curios.lab.script.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.curios.lab.script", "org.curios.lab.script.results..");

  @ArchTest
  static final ArchRule CAPSTONE_IS_THE_DISASSEMBLERS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.curios.machine.text.Disassembler")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("capstone..", "com.sun.jna..");

  @ArchTest
  static final ArchRule ONLY_COMMANDS_PARSE_COMMAND_LINES =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.curios.shell..", "org.curios.bench..", "org.curios.tests..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule ONLY_PROGRAMS_END_THE_PROCESS =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Main")
          .and()
          .doNotHaveFullyQualifiedName("org.curios.kernel.build.GuestBuild")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class);
}
