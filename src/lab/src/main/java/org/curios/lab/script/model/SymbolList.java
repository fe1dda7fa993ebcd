package org.curios.lab.script.model;

import java.util.List;
import java.util.Locale;
import org.curios.lab.Nearest;
import org.curios.lab.program.Symbols;
import org.curios.machine.image.Image;

/**
 * The symbols of the image.
 *
 * @param machine whose
 */
@ScriptName(value = "Symbols", doc = "Functions and variables of the image, by name.")
public record SymbolList(ScriptMachine machine) implements OfMachine, Keyed, Listed {
  /** Names what lies at an address. */
  @ScriptMethod("The symbol at an address, as name+offset; an empty text if there is none.")
  public String at(@Arg("place") Object place) {
    return machine.symbolTable().describe(machine.address(place));
  }

  /** Returns the symbol that an address lies in. */
  @ScriptMethod("The symbol that contains a place; nothing if there is none.")
  public SymbolEntry of(@Arg("place") Object place) {
    Image.Symbol s = machine.symbolTable().at(machine.address(place));
    return s == null ? null : new SymbolEntry(Symbols.readable(s.name()), s);
  }

  @Override
  public List<?> items() {
    Symbols all = machine.symbolTable();
    return all.names().stream().map(n -> new SymbolEntry(n, all.find(n))).toList();
  }

  @Override
  public boolean has(Object key) {
    return machine.symbolTable().find(String.valueOf(key)) != null;
  }

  @Override
  public Object item(Object key) {
    return new SymbolEntry(String.valueOf(key), find(machine.symbolTable(), String.valueOf(key)));
  }

  private static Image.Symbol find(Symbols symbols, String name) {
    Image.Symbol found = symbols.find(name);
    if (found == null) {
      throw ScriptException.name(name + ": no such symbol" + Nearest.hint(name, symbols.names()));
    }
    return found;
  }

  /** Takes a symbol, symbol+N or number for an address. */
  static int address(Symbols symbols, Object place) {
    if (place instanceof Long n) {
      if (n < 0 || n > 0xffffffffL) {
        throw ScriptException.usage("address " + n + ": give one of 32 bits");
      }
      return n.intValue();
    }
    if (!(place instanceof String text)) {
      throw ScriptException.usage("give a place as symbol, symbol+N or address, not " + place);
    }
    int plus = text.lastIndexOf('+');
    if (plus > 0 && text.substring(plus + 1).matches("\\d{1,9}|0x[0-9a-fA-F]{1,8}")) {
      return address(symbols, text.substring(0, plus)) + Integer.decode(text.substring(plus + 1));
    }
    if (text.matches("0x[0-9a-fA-F]{1,8}")) {
      return Long.decode(text).intValue();
    }
    return find(symbols, text).address();
  }

  /**
   * A symbol.
   *
   * @param name its name
   * @param symbol the image's own
   */
  @ScriptName(value = "Symbol", doc = "A function or a variable of the image.")
  public record SymbolEntry(@Property("Its name.") String name, Image.Symbol symbol) {
    /** Returns where it is. */
    @Property("Its address.")
    public long address() {
      return symbol.address() & 0xffffffffL;
    }

    /** Returns how long it is. */
    @Property("Its size; 0 if that is not known.")
    public long bytes() {
      return symbol.size() & 0xffffffffL;
    }

    /** Returns whether it is code. */
    @Property("Whether it is code.")
    public boolean function() {
      return symbol.function();
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "<symbol %s at %08x, %d bytes>", name, address(), bytes());
    }
  }

  @Override
  public String toString() {
    return "<symbols, " + machine.symbolTable().names().size() + ">";
  }
}
