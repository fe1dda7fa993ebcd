package org.curios.machine.image.dwarf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The line number programs of an image (DWARF 5, section 6.2; versions 2 to 5). */
final class LineProgram {
  private static final int CONTENT_PATH = 1;
  private static final int CONTENT_DIRECTORY = 2;

  /**
   * A row of the line number matrix.
   *
   * @param address address of the first instruction
   * @param line source line, from 1; 0 for none
   * @param statement whether it is a good place for a breakpoint
   * @param end whether the row only ends a sequence
   */
  record Row(int address, String file, int line, boolean statement, boolean end) {}

  private final DwarfReader in;
  private final ByteBuffer lineStrings;
  private final ByteBuffer strings;
  private final Consumer<Row> rows;
  private final List<String> directories = new ArrayList<>();
  private final List<String> files = new ArrayList<>();
  private int version;

  /**
   * Makes a reader of all programs of a section.
   *
   * @param lineStrings section .debug_line_str
   * @param strings section .debug_str
   * @param rows receives the rows in order
   */
  LineProgram(ByteBuffer section, ByteBuffer lineStrings, ByteBuffer strings, Consumer<Row> rows) {
    this.in = new DwarfReader(section);
    this.lineStrings = lineStrings;
    this.strings = strings;
    this.rows = rows;
  }

  /** Runs every program of the section; those of unknown versions are skipped. */
  void run() {
    while (in.hasMore(in.size())) {
      int length = in.u32();
      int end = in.at() + length;
      version = in.u16();
      if (version >= 2 && version <= 5) {
        unit(end);
      }
      in.seek(end);
    }
  }

  private void unit(int end) {
    if (version >= 5) {
      in.u8(); // address size
      in.u8(); // segment selector size
    }
    int headerLength = in.u32();
    int program = in.at() + headerLength;
    int minimumLength = in.u8();
    if (version >= 4) {
      in.u8(); // operations per instruction: ARM is no VLIW machine
    }
    boolean statementAtFirst = in.u8() != 0;
    int lineBase = in.s8();
    int lineRange = in.u8();
    int[] operands = new int[in.u8()];
    for (int i = 1; i < operands.length; i++) {
      operands[i] = in.u8();
    }
    directories.clear();
    files.clear();
    if (version >= 5) {
      entries(directories, false);
      entries(files, true);
    } else {
      oldTables();
    }
    in.seek(program);
    new Machine(minimumLength, statementAtFirst, lineBase, lineRange, operands).run(end);
  }

  /** Directory and file entries of version 5 (6.2.4.1). */
  private void entries(List<String> to, boolean isFiles) {
    int formats = in.u8();
    int[] content = new int[formats];
    int[] form = new int[formats];
    for (int i = 0; i < formats; i++) {
      content[i] = (int) in.uleb();
      form[i] = (int) in.uleb();
    }
    long count = in.uleb();
    for (long n = 0; n < count; n++) {
      String path = "";
      int directory = 0;
      for (int i = 0; i < formats; i++) {
        Object value = value(form[i]);
        if (content[i] == CONTENT_PATH) {
          path = (String) value;
        } else if (content[i] == CONTENT_DIRECTORY) {
          directory = ((Number) value).intValue();
        }
      }
      to.add(isFiles ? join(directory, path) : path);
    }
  }

  private Object value(int form) {
    return switch (form) {
      case 0x08 -> in.text(); // DW_FORM_string
      case 0x0e -> DwarfReader.textAt(strings, in.u32()); // DW_FORM_strp
      case 0x1f -> DwarfReader.textAt(lineStrings, in.u32()); // DW_FORM_line_strp
      case 0x0b -> in.u8(); // DW_FORM_data1
      case 0x05 -> in.u16(); // DW_FORM_data2
      case 0x06 -> in.u32(); // DW_FORM_data4
      case 0x0f -> in.uleb(); // DW_FORM_udata
      case 0x1e -> { // DW_FORM_data16: the MD5 sum of the file
        in.seek(in.at() + 16);
        yield 0;
      }
      default -> throw new IndexOutOfBoundsException("DWARF form " + form);
    };
  }

  /** The tables of versions 2 to 4: directory 0 is the one of the compilation, file 0 is none. */
  private void oldTables() {
    directories.add(".");
    for (String d = in.text(); !d.isEmpty(); d = in.text()) {
      directories.add(d);
    }
    files.add("");
    for (String f = in.text(); !f.isEmpty(); f = in.text()) {
      int directory = (int) in.uleb();
      in.uleb(); // time
      in.uleb(); // length
      files.add(join(directory, f));
    }
  }

  private String join(int directory, String path) {
    String prefix = directory < directories.size() ? directories.get(directory) : "";
    return path.startsWith("/") || prefix.isEmpty() || prefix.equals(".")
        ? path
        : prefix + "/" + path;
  }

  /** The state machine (6.2.2). */
  private final class Machine {
    private final int minimumLength;
    private final boolean statementAtFirst;
    private final int lineBase;
    private final int lineRange;
    private final int[] operands;
    private int address;
    private int file;
    private int line;
    private boolean statement;

    Machine(
        int minimumLength, boolean statementAtFirst, int lineBase, int lineRange, int[] operands) {
      this.minimumLength = minimumLength;
      this.statementAtFirst = statementAtFirst;
      this.lineBase = lineBase;
      this.lineRange = lineRange;
      this.operands = operands;
    }

    private void reset() {
      address = 0;
      file = 1;
      line = 1;
      statement = statementAtFirst;
    }

    private void emit(boolean end) {
      rows.accept(
          new Row(address, file < files.size() ? files.get(file) : "", line, statement, end));
    }

    void run(int end) {
      reset();
      while (in.hasMore(end)) {
        int opcode = in.u8();
        if (opcode >= operands.length) {
          int adjusted = opcode - operands.length;
          address += adjusted / lineRange * minimumLength;
          line += lineBase + adjusted % lineRange;
          emit(false);
        } else if (opcode == 0) {
          extended();
        } else {
          standard(opcode);
        }
      }
    }

    private void extended() {
      int length = (int) in.uleb();
      int end = in.at() + length;
      switch (in.u8()) {
        case 1 -> { // DW_LNE_end_sequence
          emit(true);
          reset();
        }
        case 2 -> address = in.u32(); // DW_LNE_set_address
        default -> {}
      }
      in.seek(end);
    }

    private void standard(int opcode) {
      switch (opcode) {
        case 1 -> emit(false); // DW_LNS_copy
        case 2 -> address += (int) in.uleb() * minimumLength; // DW_LNS_advance_pc
        case 3 -> line += (int) in.sleb(); // DW_LNS_advance_line
        case 4 -> file = (int) in.uleb(); // DW_LNS_set_file
        case 6 -> statement = !statement; // DW_LNS_negate_stmt
        case 8 -> address += (255 - operands.length) / lineRange * minimumLength; // const_add_pc
        case 9 -> address += in.u16(); // DW_LNS_fixed_advance_pc
        default -> {
          for (int i = 0; i < operands[opcode]; i++) {
            in.uleb();
          }
        }
      }
    }
  }
}
