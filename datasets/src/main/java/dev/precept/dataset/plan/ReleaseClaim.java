package dev.precept.dataset.plan;

import dev.precept.dataset.Layout;
import dev.precept.dataset.ReleasePlan;

/**
 * The claim of a version's name, which is the plan of the version. A claim without an outcome is open.
 *
 * @param number from 1; claim n + 1 of a name exists only if the claims before it were abandoned
 */
public record ReleaseClaim(String version, long number, ReleasePlan plan) {
    /** The key of a finished shard's record. */
    public String shardKey(String shard) {
        return Layout.finishedShard(version, number, shard);
    }
}
