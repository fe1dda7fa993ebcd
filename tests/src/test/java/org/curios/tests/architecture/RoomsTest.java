package org.curios.tests.architecture;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of the front-end, and which may use which. */
@AnalyzeClasses(packages = "org.curios.arm", importOptions = DoNotIncludeTests.class)
class RoomsTest {
  @ArchTest
  static final ArchRule ROOMS_FORM_NO_CYCLE =
      slices().matching("org.curios.arm.(*)..").should().beFreeOfCycles();

  /** No class lies outside the rooms. */
  @ArchTest
  static final ArchRule ROOMS_HAVE_AN_ORDER =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .ensureAllClassesAreContainedInArchitecture()
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
}
