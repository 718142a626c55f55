package org.redisbackup.redis;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.RdbFile;

/** Imports whole files through a pipeline, as the routes do it. */
final class Imports {
    static final RdbLimits LIMITS = new RdbLimits(16 << 20, 1 << 20, 1 << 20);
    private static final int BATCH_KEYS = 4096;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int IN_FLIGHT = 8;

    private Imports() {}

    static BatchReader reader(InputStream in) {
        return reader(in, LIMITS);
    }

    static BatchReader reader(InputStream in, RdbLimits limits) {
        return new BatchReader(in, limits, BATCH_KEYS, BATCH_BYTES, IN_FLIGHT);
    }

    static RestoreResult all(RestorePipeline pipeline, RdbFile file, ConflictPolicy policy) throws Exception {
        return all(pipeline, reader(file.open()), policy);
    }

    /**
     * @throws DeliveryException of the first batch that failed
     */
    static RestoreResult all(RestorePipeline pipeline, BatchReader reader, ConflictPolicy policy) throws Exception {
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        try (reader) {
            while (reader.hasNext()) {
                results.add(pipeline.deliver(reader.next(), policy));
            }
            RestoreResult sum = RestoreResult.NONE;
            for (CompletableFuture<RestoreResult> result : results) {
                sum = sum.plus(await(result));
            }
            return sum;
        }
    }

    static RestoreResult await(CompletableFuture<RestoreResult> result) throws IOException {
        try {
            return result.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (DeliveryException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no result came", e);
        }
    }
}
