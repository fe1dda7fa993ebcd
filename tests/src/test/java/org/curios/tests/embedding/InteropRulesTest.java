package org.curios.tests.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.curios.kernel.Images;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.ByteSequence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of interop that every object of the machine keeps, checked on all that can be reached. */
class InteropRulesTest {
  private static final List<Object> ODD_ARGUMENTS =
      List.of(-1, 1L << 40, 0.5, "", "nowhere", true, new int[0]);

  private Context context;
  private List<Value> objects;
  private Value machine;

  @BeforeEach
  void reachEverything() throws Exception {
    context =
        Context.newBuilder("arm").allowAllAccess(true).out(OutputStream.nullOutputStream()).build();
    byte[] elf = Images.elf("bench/quicksort");
    machine = context.eval(Source.newBuilder("arm", ByteSequence.create(elf), "quicksort").build());
    machine.invokeMember("until", "sort");
    objects = new ArrayList<>();
    Deque<Value> open = new ArrayDeque<>(List.of(machine, machine.invokeMember("snapshot")));
    while (!open.isEmpty() && objects.size() < 300) {
      Value value = open.remove();
      objects.add(value);
      for (String member : value.getMemberKeys()) {
        open.add(value.getMember(member));
      }
      for (long i = 0; value.hasArrayElements() && i < value.getArraySize(); i++) {
        open.add(value.getArrayElement(i));
      }
    }
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void everythingHasAKindAndAText() {
    assertTrue(objects.size() > 50, () -> "reached: " + objects);
    for (Value v : objects) {
      assertTrue(v.isString() || !v.toString().isEmpty());
      Value kind = v.getMetaObject();
      if (v.isString() || v.isBoolean() || v.isNumber() && kind == null) {
        continue; // primitive values belong to no language
      }
      assertTrue(kind.isMetaObject(), v::toString);
      assertTrue(kind.isMetaInstance(v), () -> kind + " of " + v);
      if (!v.isNumber() || !kind.getMetaSimpleName().equals("Word")) {
        continue;
      }
      assertEquals("arm.Word", kind.getMetaQualifiedName());
      assertTrue(v.fitsInLong() && v.asLong() >>> 32 == 0, v::toString);
      assertEquals(v.asLong(), Long.decode(v.toString()));
    }
    List<String> kinds =
        objects.stream()
            .filter(v -> v.getMetaObject() != null)
            .map(v -> v.getMetaObject().getMetaSimpleName())
            .toList();
    assertTrue(
        kinds.containsAll(
            List.of(
                "Machine", "Registers", "Memory", "Snapshot", "Frame", "Method", "List", "Word")),
        kinds::toString);
  }

  @Test
  void membersAreWhatTheListSays() {
    for (Value v : objects) {
      if (!v.hasMembers()) {
        assertTrue(v.getMemberKeys().isEmpty());
        continue;
      }
      for (String member : v.getMemberKeys()) {
        assertTrue(v.hasMember(member), () -> member + " of " + v);
        assertEquals(
            v.getMember(member).canExecute(), v.canInvokeMember(member), () -> member + " of " + v);
      }
      assertFalse(v.hasMember("nothing"));
      assertFalse(v.canInvokeMember("nothing"));
      assertEquals(null, v.getMember("nothing"));
      assertThrows(UnsupportedOperationException.class, () -> v.invokeMember("nothing"));
      assertThrows(UnsupportedOperationException.class, () -> v.putMember("nothing", 1));
      assertFalse(v.removeMember("nothing"));
    }
  }

  @Test
  void arraysKeepTheirBounds() {
    for (Value v : objects) {
      if (v.hasArrayElements()) {
        long size = v.getArraySize();
        assertThrows(ArrayIndexOutOfBoundsException.class, () -> v.getArrayElement(size));
        assertThrows(ArrayIndexOutOfBoundsException.class, () -> v.getArrayElement(-1));
        assertThrows(UnsupportedOperationException.class, () -> v.setArrayElement(0, 1));
      }
    }
  }

  @Test
  void methodsTakeWhatTheySayAndNothingElse() {
    for (String member : machine.getMemberKeys()) {
      Value method = machine.getMember(member);
      if (!method.canExecute()) {
        continue;
      }
      assertTrue(method.toString().startsWith(member + "("), method::toString);
      assertThrows(IllegalArgumentException.class, () -> method.execute(1, 2, 3, 4), member);
      if (member.equals("run") || member.equals("until") || member.equals("step")) {
        continue;
      }
      for (Object odd : ODD_ARGUMENTS) {
        for (Object[] arguments : new Object[][] {{odd}, {odd, odd}, {"main", odd}}) {
          try {
            machine.invokeMember(member, arguments);
          } catch (IllegalArgumentException e) {
            assertFalse(e.getMessage().isEmpty());
          } catch (PolyglotException e) {
            assertTrue(e.isGuestException() && !e.isInternalError(), () -> member + ": " + e);
          }
        }
      }
    }
  }

  @Test
  void methodsWorkAsValues() {
    Value step = machine.getMember("step");
    long before = machine.getMember("ticks").asLong();
    step.execute(3);
    step.executeVoid();
    assertEquals(before + 4, machine.getMember("ticks").asLong());
  }

  @Test
  void framesHaveSourceLocations() {
    Value frame = machine.getMember("stack").getArrayElement(0);
    assertEquals("sort", frame.getMember("function").asString());
    assertEquals(frame.getMember("line").asInt(), frame.getSourceLocation().getStartLine());
    assertTrue(frame.getSourceLocation().getSource().getName().endsWith("quicksort.cc"));
    assertEquals("arm", frame.getSourceLocation().getSource().getLanguage());
  }
}
