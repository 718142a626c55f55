package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.redisbackup.rdb.KeyBatch;

/**
 * Names under which values are rebuilt before they get their own: {@value #PREFIX}, on a cluster a hash tag that puts the
 * name into the slot of the key, what tells this process from others, and a number. The tag is not made of the key, whose
 * own braces would be in the way.
 */
final class TemporaryKey {
    static final String PREFIX = "redis-backup-import:";

    private static final int RADIX = Character.MAX_RADIX;
    private static final String PROCESS = Long.toString(new SecureRandom().nextLong() >>> 4, RADIX);
    private static final AtomicLong COUNT = new AtomicLong();

    private TemporaryKey() {}

    /** A name that was not given before. */
    static byte[] of(KeyBatch batch, int i, boolean onCluster) {
        String tag = onCluster ? "{" + SlotTags.OF_SLOT[SlotMap.slotOf(batch, i)] + "}:" : "";
        return (PREFIX + tag + PROCESS + ":" + Long.toString(COUNT.incrementAndGet(), RADIX)).getBytes(US_ASCII);
    }

    /** Loaded when the first name for a cluster is made. */
    private static final class SlotTags {
        /** A text in each slot. */
        private static final String[] OF_SLOT = new String[HashSlot.COUNT];

        static {
            int found = 0;
            for (int i = 0; found < HashSlot.COUNT; i++) {
                String text = Integer.toString(i, RADIX);
                byte[] bytes = text.getBytes(US_ASCII);
                int slot = HashSlot.of(bytes, 0, bytes.length);
                if (OF_SLOT[slot] == null) {
                    OF_SLOT[slot] = text;
                    found++;
                }
            }
        }
    }
}
