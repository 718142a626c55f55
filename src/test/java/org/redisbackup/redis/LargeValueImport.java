package org.redisbackup.redis;

import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.LargeValue;

/**
 * Imports a value larger than this process' heap: {@code LargeValueImport PORT hash FIELDS}, each field of 102 bytes, or
 * {@code LargeValueImport PORT string BYTES}. Prints what became of the keys, the time, and how large the heap may get.
 */
public final class LargeValueImport {
    private LargeValueImport() {}

    public static void main(String[] arguments) throws Exception {
        Target target = new Target("127.0.0.1", Integer.parseInt(arguments[0]), null, null, false);
        long size = Long.parseLong(arguments[2]);
        LargeValue file = arguments[1].equals("hash") ? LargeValue.hash(size) : LargeValue.string(size);
        long begun = System.nanoTime();
        try (RestorePipeline pipeline = Imports.pipeline(target)) {
            RestoreResult result = Imports.all(
                    pipeline, Imports.reader(file, RdbLimits.forThisHeap()), DeliveryRules.of(ConflictPolicy.REPLACE));
            System.out.println(result.counts() + " " + result.failures());
        }
        System.out.printf(
                "%.1f s, heap of %d MB%n",
                (System.nanoTime() - begun) / 1e9, Runtime.getRuntime().maxMemory() >> 20);
    }
}
