package org.curios.tests.linux;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server of one file, to be run in a network namespace. */
public final class Pages {
  private Pages() {}

  /** Takes the address, the port and the file. */
  public static void main(String[] arguments) throws IOException {
    byte[] page = Files.readAllBytes(Path.of(arguments[2]));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, page.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(page);
          }
        });
    server.start();
  }
}
