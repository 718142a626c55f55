package org.redisbackup.redis;

/** How to find out where the keys of a target go. */
interface Topology {
    /**
     * Asks who is in charge at this moment.
     *
     * @throws NotReadyException when nobody knows; a later attempt may succeed
     * @throws DeliveryException when the target is not what it was said to be, or refuses the credentials
     */
    SlotMap look() throws DeliveryException;
}
