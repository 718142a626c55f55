package org.redisbackup.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.redisbackup.rdb.KeyBatch;

/** Which primary serves which hash slot, as far as it is known. Used by one thread. */
final class SlotMap {
    private static final short NOBODY = -1;

    private final List<Address> primaries = new ArrayList<>();
    private final short[] owner = new short[HashSlot.COUNT];

    /** Of no primary. */
    SlotMap() {
        Arrays.fill(owner, NOBODY);
    }

    /** Of one primary that serves every slot. */
    static SlotMap of(Address primary) {
        SlotMap map = new SlotMap();
        map.assign(0, HashSlot.COUNT - 1, primary);
        return map;
    }

    /** The slots from {@code first} to {@code last}, both included, are served by this primary. */
    void assign(int first, int last, Address primary) {
        Arrays.fill(owner, first, last + 1, indexOf(primary));
    }

    private short indexOf(Address primary) {
        int known = primaries.indexOf(primary);
        if (known < 0) {
            known = primaries.size();
            primaries.add(primary);
        }
        return (short) known;
    }

    /** In no particular order; one that lost all its slots may be among them. */
    List<Address> primaries() {
        return List.copyOf(primaries);
    }

    boolean isEmpty() {
        return primaries.isEmpty();
    }

    /** The primary for a record's key, if any serves its slot. */
    Optional<Address> primaryOf(KeyBatch batch, int record) {
        return primaryOf(slotOf(batch, record));
    }

    /** The primary that serves a slot, if any does. */
    Optional<Address> primaryOf(int slot) {
        short index = owner[slot];
        return index == NOBODY ? Optional.empty() : Optional.of(primaries.get(index));
    }

    static int slotOf(KeyBatch batch, int record) {
        return HashSlot.of(batch.arena(), batch.keyOffset(record), batch.keyLength(record));
    }
}
