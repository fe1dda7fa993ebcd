package org.curios.lab.gdb;

import java.util.List;
import org.curios.lab.gdb.GdbRegisters.Register;

/** What gdb reads about the target (Debugging with GDB, appendix G), as XML. */
final class TargetDescription {
  private static final String CPSR_FLAGS =
      """
          <flags id="cpsr_flags" size="4">
            <field name="M" start="0" end="4"/>
            <field name="T" start="5" end="5"/>
            <field name="F" start="6" end="6"/>
            <field name="I" start="7" end="7"/>
            <field name="Q" start="27" end="27"/>
            <field name="V" start="28" end="28"/>
            <field name="C" start="29" end="29"/>
            <field name="Z" start="30" end="30"/>
            <field name="N" start="31" end="31"/>
          </flags>
      """;

  private TargetDescription() {}

  /** Returns {@code target.xml}. */
  static String xml() {
    StringBuilder xml = new StringBuilder();
    xml.append("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n");
    xml.append("  <architecture>armv5te</architecture>\n  <osabi>none</osabi>\n");
    feature(
        xml, "org.gnu.gdb.arm.core", GdbRegisters.ALL.stream().filter(Register::isCore).toList());
    feature(
        xml, "org.curios.arm.system", GdbRegisters.ALL.stream().filter(r -> !r.isCore()).toList());
    return xml.append("</target>\n").toString();
  }

  private static void feature(StringBuilder xml, String name, List<Register> registers) {
    xml.append("  <feature name=\"").append(name).append("\">\n").append(CPSR_FLAGS);
    for (Register r : registers) {
      xml.append("    <reg name=\"").append(r.name());
      xml.append("\" bitsize=\"").append(r.bits());
      xml.append("\" regnum=\"").append(r.number());
      xml.append("\" type=\"").append(r.type());
      if (!r.isCore()) {
        xml.append("\" group=\"system\" save-restore=\"no");
      }
      xml.append("\"/>\n");
    }
    xml.append("  </feature>\n");
  }

  /** Returns the list of threads. */
  static String threads(List<GuestThreads.Listed> threads) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<threads>\n");
    for (GuestThreads.Listed t : threads) {
      xml.append("  <thread id=\"").append(Integer.toHexString(t.id()));
      xml.append("\" core=\"0\" name=\"").append(text(t.name()));
      xml.append("\">").append(text(t.state())).append("</thread>\n");
    }
    return xml.append("</threads>\n").toString();
  }

  /** A name comes from the guest's memory and may be anything. */
  private static String text(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      switch (c) {
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '&' -> text.append("&amp;");
        case '"' -> text.append("&quot;");
        default -> text.append(c >= ' ' && c < 127 ? c : '?');
      }
    }
    return text.toString();
  }
}
