package org.redisbackup.redis;

import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.LargeHash;

/**
 * Imports a hash larger than this process' heap: {@code LargeHashImport PORT FIELDS}, each field of 102 bytes. Prints what
 * became of the keys, the time, and how large the heap may get.
 */
public final class LargeHashImport {
    private LargeHashImport() {}

    public static void main(String[] arguments) throws Exception {
        Target target = new Target("127.0.0.1", Integer.parseInt(arguments[0]), null, null, false);
        long begun = System.nanoTime();
        try (RestorePipeline pipeline = Imports.pipeline(target)) {
            RestoreResult result = Imports.all(
                    pipeline,
                    Imports.reader(new LargeHash(Long.parseLong(arguments[1])), RdbLimits.forThisHeap()),
                    DeliveryRules.of(ConflictPolicy.REPLACE));
            System.out.println(result.counts() + " " + result.failures());
        }
        System.out.printf(
                "%.1f s, heap of %d MB%n",
                (System.nanoTime() - begun) / 1e9, Runtime.getRuntime().maxMemory() >> 20);
    }
}
