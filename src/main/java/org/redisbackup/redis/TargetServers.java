package org.redisbackup.redis;

import java.util.List;

/** Which servers of a target hold its keys at this moment. */
public final class TargetServers {
    private TargetServers() {}

    /**
     * Asks nodes of the cluster, or Sentinels; a standalone server is not asked anything.
     *
     * @param timeoutMillis for each connection, and for each answer
     * @return targets of one server each: all primaries that serve slots, at least one
     * @throws DeliveryException with one sentence when nobody tells
     */
    public static List<Target> primaries(Target target, int timeoutMillis) throws DeliveryException {
        SlotMap map =
                switch (target.mode()) {
                    case STANDALONE -> SlotMap.of(target.addresses().get(0));
                    case CLUSTER -> new ClusterTopology(target, timeoutMillis).look();
                    case SENTINEL -> new SentinelTopology(target, timeoutMillis).look();
                };
        return map.primaries().stream().map(target::at).toList();
    }
}
