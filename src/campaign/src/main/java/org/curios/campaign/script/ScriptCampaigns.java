package org.curios.campaign.script;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.curios.campaign.plan.PlanReader;
import org.curios.campaign.store.Folder;
import org.curios.lab.LabException;
import org.curios.lab.results.ResultFolder;
import org.curios.lab.script.model.Arg;
import org.curios.lab.script.model.Client;
import org.curios.lab.script.model.ScriptException;
import org.curios.lab.script.model.ScriptMethod;
import org.curios.lab.script.model.ScriptName;
import org.curios.lab.script.model.Service;
import org.curios.lab.script.model.Workbench;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Makes plans, and finds the folders of campaigns.
 *
 * @param workbench says when the script has to end
 * @param results the folder that has the folders of campaigns
 */
@ScriptName(value = "Campaigns", doc = "Makes plans of fault campaigns, and opens their folders.")
public record ScriptCampaigns(Workbench workbench, ResultFolder results) {
  private static final String FILE = "plan";

  /** Makes a plan. */
  @ScriptMethod(
      "A plan from its parts, which are those of a plan file: the recovery policies, the faults"
          + " (kinds, or dictionaries with kind, services, places, bits, stuck, at, weight, then and name),"
          + " sampling (a dictionary with trials or precision, and method), and the clients of a second"
          + " machine as peer.")
  public ScriptPlan plan(
      @Arg("sampling") Object sampling,
      @Arg(value = "faults", optional = true) Object faults,
      @Arg(value = "policies", optional = true) Object policies,
      @Arg(value = "clients", optional = true) Object clients,
      @Arg(value = "seed", optional = true) Long seed,
      @Arg(value = "name", optional = true) String name,
      @Arg(value = "peer", optional = true) Object peer) {
    Map<String, Object> all = new LinkedHashMap<>();
    put(all, "campaign", name);
    put(all, "clients", clients);
    put(all, "peer", peer);
    put(all, "policies", policies);
    put(all, "faults", faults);
    put(all, "sampling", sampling);
    put(all, "seed", seed);
    DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    return parse(new Dump(settings).dumpToString(all));
  }

  private static void put(Map<String, Object> all, String key, Object value) {
    if (value != null) {
      all.put(key, plain(value));
    }
  }

  /** A service or client represents its name. */
  private static Object plain(Object value) {
    return switch (value) {
      case Service s -> s.name();
      case Client c -> c.name();
      case List<?> list -> list.stream().map(ScriptCampaigns::plain).toList();
      case Map<?, ?> map -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((k, v) -> put(copy, String.valueOf(k), v));
        yield copy;
      }
      case Boolean b -> b;
      case Number n -> n;
      default -> value.toString();
    };
  }

  /** Reads a plan. */
  @ScriptMethod("A plan from the text of a plan file.")
  public ScriptPlan parse(@Arg("text") String text) {
    try {
      return new ScriptPlan(this, PlanReader.parse(FILE, text));
    } catch (LabException e) {
      throw ScriptException.usage(e.getMessage());
    }
  }

  /** Returns the plan of {@code campaign run --quick}. */
  @ScriptMethod("The plan of curios campaign run --quick.")
  public ScriptPlan quick() {
    return new ScriptPlan(this, PlanReader.quick());
  }

  /** Opens a campaign. */
  @ScriptMethod("The campaign in a folder within the folder of results.")
  public ScriptCampaign open(@Arg("folder") String folder) {
    try (Folder found = Folder.open(results.place(folder))) {
      return new ScriptCampaign(this, found.path(), found.plan());
    } catch (LabException e) {
      throw ScriptException.usage(e.getMessage());
    }
  }

  @Override
  public String toString() {
    return "<campaigns>";
  }
}
