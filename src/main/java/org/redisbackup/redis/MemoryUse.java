package org.redisbackup.redis;

import java.util.Map;

/**
 * How full a server's memory is.
 *
 * @param server that was asked
 * @param used bytes that count for its {@code maxmemory}
 * @param limit its {@code maxmemory}, 0 for none
 */
record MemoryUse(String server, long used, long limit) {
    /** Of a server that can't be asked or has no limit. */
    static final MemoryUse UNKNOWN = new MemoryUse("", 0, 0);

    /** @param info the fields of {@code INFO memory}; a server that tells nothing of a limit passes for one without */
    static MemoryUse of(String server, Map<String, String> info) {
        long notCounted = number(info, "mem_not_counted_for_evict"); // buffers of replicas and of its append-only file
        return new MemoryUse(server, number(info, "used_memory") - notCounted, number(info, "maxmemory"));
    }

    private static long number(Map<String, String> info, String field) {
        return Long.parseLong(info.getOrDefault(field, "0"));
    }

    /** Bytes below a share of the limit, which may be negative; without a limit {@link Long#MAX_VALUE}. */
    long roomUpTo(int percent) {
        return limit == 0 ? Long.MAX_VALUE : limit / 100 * percent - used;
    }

    /** {@code 127.0.0.1:6379 uses 97.3 of its maxmemory of 100.0 MB}. */
    @Override
    public String toString() {
        return server + " uses " + megabytes(used)
                + (limit == 0 ? " MB and has no maxmemory" : " of its maxmemory of " + megabytes(limit) + " MB");
    }

    private static String megabytes(long bytes) {
        long tenths = Math.round(bytes / 1e5);
        return tenths / 10 + "." + tenths % 10;
    }
}
