package org.redisbackup.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Answers at once whether an index has a key with a value: for an index that is small enough to stay in memory. */
final class KnownKeys {
    private final List<EntryLookup> parts = new ArrayList<>();

    KnownKeys(List<IndexPart> parts) throws IOException {
        for (IndexPart part : parts) {
            this.parts.add(new EntryLookup(part));
        }
    }

    /** Whether the key is there once, with this value, which is known. */
    boolean contain(long high, long low, long value) {
        int found = 0;
        boolean same = false;
        for (EntryLookup part : parts) {
            int entry = part.find(high, low);
            if (entry >= 0) {
                found += part.isKey(entry + 1, high, low) ? 2 : 1;
                same = part.value(entry) == value;
            }
        }
        return found == 1 && same && value != KeyHashes.UNKNOWN;
    }
}
