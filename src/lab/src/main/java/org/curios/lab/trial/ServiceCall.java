package org.curios.lab.trial;

/**
 * A call in a client's record.
 *
 * @param service the name of the service, or its number if there is no such object
 * @param method the name of the method; empty if it is not known
 */
public record ServiceCall(String service, String method) {
  @Override
  public String toString() {
    return method.isEmpty() ? service : service + "." + method;
  }
}
