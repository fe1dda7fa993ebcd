package org.curios.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of the front-end, of the machine and of the laboratory, and which may use which. */
@AnalyzeClasses(
    packages = {"org.curios.arm", "org.curios.machine", "org.curios.lab", "org.curios.campaign"},
    importOptions = DoNotIncludeTests.class)
class RoomsTest {
  @ArchTest
  static final ArchRule ROOMS_FORM_NO_CYCLE =
      slices().matching("org.curios.arm.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule PACKAGES_OF_THE_MACHINE_FORM_NO_CYCLE =
      slices().matching("org.curios.machine.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule PACKAGES_OF_THE_LABORATORY_FORM_NO_CYCLE =
      slices().matching("org.curios.lab.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule PACKAGES_OF_CAMPAIGNS_FORM_NO_CYCLE =
      slices().matching("org.curios.campaign.(**)").should().beFreeOfCycles();

  /** No class of the front-end lies outside the rooms. */
  @ArchTest
  static final ArchRule EACH_CLASS_OF_THE_FRONT_END_HAS_ITS_ROOM =
      noClasses()
          .that()
          .resideInAPackage("org.curios.arm..")
          .should()
          .resideOutsideOfPackages(
              "..arm.bus..",
              "..arm.core..",
              "..arm.decode..",
              "..arm.nodes..",
              "..arm.code..",
              "..arm.region..",
              "..arm.cold..",
              "..arm.warm..",
              "..arm.run..",
              "..arm.language..");

  @ArchTest
  static final ArchRule ROOMS_HAVE_AN_ORDER =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("bus")
          .definedBy("org.curios.arm.bus")
          .layer("core")
          .definedBy("org.curios.arm.core")
          .layer("decode")
          .definedBy("org.curios.arm.decode")
          .layer("nodes")
          .definedBy("org.curios.arm.nodes")
          .layer("code")
          .definedBy("org.curios.arm.code")
          .layer("region")
          .definedBy("org.curios.arm.region")
          .layer("cold")
          .definedBy("org.curios.arm.cold")
          .layer("warm")
          .definedBy("org.curios.arm.warm")
          .layer("run")
          .definedBy("org.curios.arm.run")
          .layer("language")
          .definedBy(
              "org.curios.arm.language",
              "org.curios.arm.language.interop",
              "org.curios.arm.language.instrument")
          .whereLayer("bus")
          .mayNotAccessAnyLayer()
          .whereLayer("core")
          .mayOnlyAccessLayers("bus")
          .whereLayer("decode")
          .mayNotAccessAnyLayer()
          .whereLayer("nodes")
          .mayOnlyAccessLayers("bus", "core", "decode")
          .whereLayer("code")
          .mayOnlyAccessLayers("bus", "core", "nodes")
          .whereLayer("region")
          .mayOnlyAccessLayers("bus", "core", "nodes", "code")
          .whereLayer("cold")
          .mayOnlyAccessLayers("bus", "core", "decode", "nodes", "code")
          .whereLayer("warm")
          .mayOnlyAccessLayers("bus", "core", "decode", "nodes", "code", "cold")
          .whereLayer("run")
          .mayOnlyAccessLayers("bus", "core", "nodes", "code", "region", "cold", "warm")
          .whereLayer("language")
          .mayOnlyAccessLayers("bus", "core", "nodes", "code", "run");

  /** The board is made of its rooms, which do not know it. */
  @ArchTest
  static final ArchRule ROOMS_OF_THE_MACHINE_HAVE_AN_ORDER =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("text")
          .definedBy("org.curios.machine.text")
          .layer("card")
          .definedBy("org.curios.machine.card..")
          .layer("net")
          .definedBy("org.curios.machine.net")
          .layer("device")
          .definedBy("org.curios.machine.device")
          .layer("image")
          .definedBy("org.curios.machine.image..")
          .layer("input")
          .definedBy("org.curios.machine.input")
          .layer("semihosting")
          .definedBy("org.curios.machine.semihosting")
          .layer("engine")
          .definedBy("org.curios.machine.engine")
          .layer("snapshot")
          .definedBy("org.curios.machine.snapshot")
          .layer("board")
          .definedBy("org.curios.machine")
          .whereLayer("text")
          .mayNotAccessAnyLayer()
          .whereLayer("card")
          .mayNotAccessAnyLayer()
          .whereLayer("engine")
          .mayNotAccessAnyLayer()
          .whereLayer("image")
          .mayOnlyAccessLayers("text")
          .whereLayer("net")
          .mayOnlyAccessLayers("input")
          .whereLayer("device")
          .mayOnlyAccessLayers("card", "net")
          .whereLayer("input")
          .mayOnlyAccessLayers("device", "net")
          .whereLayer("semihosting")
          .mayOnlyAccessLayers("image", "device", "input")
          .whereLayer("snapshot")
          .mayOnlyAccessLayers("image", "card", "net")
          .whereLayer("board")
          .mayNotBeAccessedByAnyLayer();

  /** Clients of the laboratory do not know each other. */
  @ArchTest
  static final ArchRule ROOMS_OF_THE_LABORATORY_HAVE_AN_ORDER =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("program")
          .definedBy("org.curios.lab.program")
          .layer("guest")
          .definedBy("org.curios.lab.guest")
          .layer("inspect")
          .definedBy("org.curios.lab.inspect")
          .layer("trial")
          .definedBy("org.curios.lab.trial")
          .layer("measure")
          .definedBy("org.curios.lab.measure")
          .layer("results")
          .definedBy("org.curios.lab.results")
          .layer("session")
          .definedBy("org.curios.lab.session")
          .layer("gdb")
          .definedBy("org.curios.lab.gdb")
          .layer("debug")
          .definedBy("org.curios.lab.debug")
          .layer("profile")
          .definedBy("org.curios.lab.profile")
          .layer("export")
          .definedBy("org.curios.lab.export")
          .layer("script")
          .definedBy("org.curios.lab.script..")
          .whereLayer("program")
          .mayNotAccessAnyLayer()
          .whereLayer("guest")
          .mayOnlyAccessLayers("program")
          .whereLayer("inspect")
          .mayOnlyAccessLayers("program", "guest")
          .whereLayer("trial")
          .mayOnlyAccessLayers("program", "guest", "results")
          .whereLayer("measure")
          .mayOnlyAccessLayers("program", "guest", "trial", "results")
          .whereLayer("results")
          .mayNotAccessAnyLayer()
          .whereLayer("session")
          .mayOnlyAccessLayers("program", "guest", "inspect", "trial")
          .whereLayer("gdb")
          .mayOnlyAccessLayers("program", "guest", "inspect", "trial", "session")
          .whereLayer("debug")
          .mayNotAccessAnyLayer()
          .whereLayer("profile")
          .mayOnlyAccessLayers("program", "guest")
          .whereLayer("export")
          .mayOnlyAccessLayers("program", "guest", "session", "profile")
          .whereLayer("script")
          .mayOnlyAccessLayers("program", "guest", "inspect", "trial", "results", "session");
}
