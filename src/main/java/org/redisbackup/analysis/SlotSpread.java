package org.redisbackup.analysis;

import java.io.Serializable;
import java.util.List;

/**
 * How evenly the keys of database 0 lie in the 16384 slots of a cluster, which has that database only.
 *
 * @param keys in all slots
 * @param keysWithTag whose slot a hash tag decides
 * @param usedSlots slots with a key at least
 * @param mostKeys in one slot
 * @param fullestSlot the first that has so many, or -1 without keys
 * @param thirds keys in each third of the slots, in their order: what a cluster of three primaries would get
 */
public record SlotSpread(long keys, long keysWithTag, int usedSlots, long mostKeys, int fullestSlot, List<Long> thirds)
        implements Serializable {}
