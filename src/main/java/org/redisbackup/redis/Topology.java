package org.redisbackup.redis;

/** How to find out where the keys of a target go. */
interface Topology {
    /**
     * The right one for the mode of a target.
     *
     * @param timeoutMillis for a connection, and for each answer
     */
    static Topology of(Target target, int timeoutMillis) {
        return switch (target.mode()) {
            case STANDALONE -> () -> SlotMap.of(target.addresses().get(0));
            case CLUSTER -> new ClusterTopology(target, timeoutMillis);
            case SENTINEL -> new SentinelTopology(target, timeoutMillis);
        };
    }

    /**
     * Asks who is in charge at this moment.
     *
     * @throws NotReadyException when nobody knows; a later attempt may succeed
     * @throws DeliveryException when the target is not what it was said to be, or refuses the credentials
     */
    SlotMap look() throws DeliveryException;
}
