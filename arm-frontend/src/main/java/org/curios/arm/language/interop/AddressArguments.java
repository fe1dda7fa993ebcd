package org.curios.arm.language.interop;

import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.interop.UnsupportedMessageException;
import com.oracle.truffle.api.interop.UnsupportedTypeException;
import java.util.List;
import org.curios.arm.language.GuestCode;
import org.curios.arm.language.GuestCode.Function;
import org.curios.arm.language.GuestCode.Line;
import org.curios.arm.language.GuestMachine;

/** Addresses as people write them: numbers, symbols, {@code symbol+offset}, {@code file:line}. */
final class AddressArguments {
  private final GuestMachine machine;

  AddressArguments(GuestMachine machine) {
    this.machine = machine;
  }

  /** Returns the address that an argument means. */
  int address(Object[] arguments, int index) throws UnsupportedTypeException {
    InteropLibrary values = InteropLibrary.getUncached();
    try {
      if (values.isString(arguments[index])) {
        return parse(values.asString(arguments[index]));
      }
      return Word.of(arguments[index], values);
    } catch (UnsupportedMessageException e) {
      throw UnsupportedTypeException.create(
          arguments, "give an address, a symbol, symbol+offset or file:line");
    }
  }

  private int parse(String place) {
    GuestCode code = machine.code();
    Integer symbol = code.address(place);
    if (symbol != null) {
      return symbol;
    }
    int colon = place.lastIndexOf(':');
    int plus = place.lastIndexOf('+');
    try {
      if (colon > 0 && place.charAt(colon - 1) != ':') {
        List<Integer> found =
            code.addresses(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
        if (!found.isEmpty()) {
          return found.get(0);
        }
      } else if (plus > 0) {
        Integer base = code.address(place.substring(0, plus));
        if (base != null) {
          return base + Integer.decode(place.substring(plus + 1));
        }
      } else {
        long number = Long.decode(place);
        if (number >= Integer.MIN_VALUE && number <= Word.MASK) {
          return (int) number;
        }
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UsageError(
        place + ": no such place; give an address, a symbol, symbol+offset or file:line");
  }

  /** Returns {@code function+offset (file:line)}. */
  String describe(int address) {
    Function function = machine.code().functionAt(address);
    int offset = (address & ~1) - function.address();
    Line line = machine.code().lineAt(address);
    return function.name()
        + (offset == 0 ? "" : "+" + offset)
        + (line == null ? "" : " (" + line + ")");
  }
}
