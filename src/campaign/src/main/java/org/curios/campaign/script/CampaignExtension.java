package org.curios.campaign.script;

import java.util.List;
import java.util.Map;
import org.curios.lab.results.ResultFolder;
import org.curios.lab.script.Extension;
import org.curios.lab.script.model.Workbench;

/** Gives campaigns to scripts. */
public final class CampaignExtension implements Extension {
  @Override
  public List<Class<?>> classes() {
    return List.of(
        ScriptCampaigns.class,
        ScriptPlan.class,
        ScriptCampaign.class,
        ScriptProgress.class,
        ScriptTally.class,
        ScriptShare.class,
        ScriptPairs.class);
  }

  @Override
  public Map<String, Object> globals(Workbench workbench, ResultFolder folder) {
    return Map.of("campaigns", new ScriptCampaigns(workbench, folder));
  }
}
