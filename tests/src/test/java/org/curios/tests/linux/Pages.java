package org.curios.tests.linux;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server of the files of a folder, to be run in a network namespace. */
public final class Pages {
  private Pages() {}

  /** Takes the address, the port and the folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[2]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), 0);
    server.createContext(
        "/",
        exchange -> {
          Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
          boolean there = Files.exists(file);
          byte[] page = there ? Files.readAllBytes(file) : new byte[0];
          exchange.sendResponseHeaders(there ? 200 : 404, page.length == 0 ? -1 : page.length);
          try (OutputStream body = exchange.getResponseBody()) {
            body.write(page);
          }
        });
    server.start();
  }
}
