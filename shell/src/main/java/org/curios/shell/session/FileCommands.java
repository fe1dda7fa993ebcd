package org.curios.shell.session;

import java.util.List;
import java.util.Map;
import org.curios.lab.guest.Guest.View;
import org.curios.lab.guest.OpenFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Commands that look at the guest's file service. */
@Command(name = "file-service")
final class FileCommands {
  private final Shell shell;

  FileCommands(Shell shell) {
    this.shell = shell;
  }

  @Command(
      description = {
        "The files that the guest's clients have open.",
        "",
        "mode: how the file was opened (r, w, a), or dir. dirty: blocks of the file, including those of its pointers, that are in the cache and not yet on the card."
      },
      footer = {"Examples:", "  files", "  files --json", "  files | grep shell"})
  void files(@Mixin Json json) {
    shell.showMade(shell.look(FileCommands::rows), json);
  }

  private static List<Map<String, Object>> rows(View v) {
    return OpenFiles.of(v).stream()
        .map(f ->
            TextTable.row(
                "client", f.client(),
                "inode", f.inode(),
                "position", f.position(),
                "mode", f.mode(),
                "dirty", f.dirtyBlocks()))
        .toList();
  }
}
