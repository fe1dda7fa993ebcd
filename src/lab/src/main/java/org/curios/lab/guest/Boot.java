package org.curios.lab.guest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.curios.lab.LabException;
import org.curios.lab.guest.Dictionary.Kind;
import org.curios.lab.program.Symbols;
import org.curios.machine.Machine;
import org.curios.machine.image.Image;

/**
 * The boot arguments of CuriOS. They are written into the loaded image, so that all snapshots
 * belong to the same image.
 *
 * @param policy recovery policy, a name of {@link Kind#POLICY}
 * @param run clients to start, separated by commas
 * @param ip the guest's address: ADDRESS/BITS, then perhaps {@code ,gw=ADDRESS} and {@code
 *     ,dns=ADDRESS}; {@code dhcp}; or empty for none
 */
public record Boot(String policy, String run, String ip) {
  private static final String ADDRESS = "\\d{1,3}(\\.\\d{1,3}){3}";
  private static final Pattern IP =
      Pattern.compile("|dhcp|%s/\\d{1,2}(,gw=%s)?(,dns=%s)?".formatted(ADDRESS, ADDRESS, ADDRESS));

  /** Ticks after which the clients have connected to their services: 10 virtual milliseconds. */
  public static final long BOOTED = 2_000_000;

  /** Bytes of {@code boot_arguments} in the kernel. */
  private static final int ROOM = 256;

  /**
   * Makes the arguments for the image that comes with the laboratory.
   *
   * @throws LabException when the policy, a client or the address is not valid
   */
  public static Boot checked(String policy, String run, String ip) {
    mustBePolicy("policy", policy);
    StartableClients.check(run);
    if (!IP.matcher(ip).matches()) {
      throw new LabException(
          "address "
              + ip
              + ": give dhcp, or ADDRESS/BITS such as 10.0.2.15/24,gw=10.0.2.2,dns=10.0.2.3");
    }
    return new Boot(policy, run, ip);
  }

  /** Creates the arguments of a guest without an address. */
  public Boot(String policy, String run) {
    this(policy, run, "");
  }

  /**
   * Makes the arguments of a guest without an address for the image that comes with the laboratory.
   *
   * @throws LabException when it has no such policy, or no such client
   */
  public static Boot checked(String policy, String run) {
    return checked(policy, run, "");
  }

  /** Returns the policies that the kernel executes. */
  public static List<String> policies() {
    return Dictionary.embedded().names(Kind.POLICY);
  }

  /**
   * Checks the name of a policy.
   *
   * @param what start of the error message, such as {@code --policy}
   * @throws LabException when there is none of this name
   */
  public static void mustBePolicy(String what, String policy) {
    if (!policies().contains(policy)) {
      throw new LabException(
          what + " " + Dictionary.noSuch(policy, "policy", policies()).getMessage());
    }
  }

  /** Returns the text that the kernel reads. */
  public String arguments() {
    return "policy=" + policy + " run=" + run + (ip.isEmpty() ? "" : " ip=" + ip);
  }

  /** Writes the arguments into the memory of a machine that is about to boot. */
  public void write(Machine m, Symbols symbols) {
    int address = symbols.require("boot_arguments").address();
    byte[] text = arguments().getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < ROOM; i++) {
      m.bus().write(address + i, i < text.length ? text[i] : 0, 1);
    }
  }

  /** Returns the arguments that lie in a machine's memory. */
  public static Boot of(Machine m, Symbols symbols) {
    return new Boot(
        argument(m, symbols, "policy"), argument(m, symbols, "run"), argument(m, symbols, "ip"));
  }

  /** Returns a boot argument from a machine's memory; empty if it is missing. */
  static String argument(Machine m, Symbols symbols, String key) {
    Image.Symbol at = symbols.find("boot_arguments");
    String text = at == null ? "" : Introspection.text(m.bus()::read, at.address(), ROOM);
    for (String pair : text.split(" ")) {
      if (pair.startsWith(key + "=")) {
        return pair.substring(key.length() + 1);
      }
    }
    return "";
  }

  /**
   * Returns the same with another policy.
   *
   * @param words of the guest
   * @throws LabException when it has no such policy
   */
  public Boot withPolicy(String other, Dictionary words) {
    if (!words.names(Kind.POLICY).contains(other)) {
      throw new LabException(
          "policy " + Dictionary.noSuch(other, "policy", words.names(Kind.POLICY)).getMessage());
    }
    return new Boot(other, run, ip);
  }

  /**
   * Returns the same with other clients.
   *
   * @throws LabException when there is no such client
   */
  public Boot withClients(String clients) {
    StartableClients.check(clients);
    return new Boot(policy, clients, ip);
  }
}
