package org.redisbackup.redis;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.redisbackup.aof.AofReader;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;

/** Imports whole files through a pipeline, as the routes do it. */
final class Imports {
    /** The method source of the servers that a test runs on. */
    static final String SERVERS = "org.redisbackup.support.RedisServers#all";

    static final String MAGIC = "REDIS0010";
    static final RdbLimits LIMITS = new RdbLimits(16 << 20, 1 << 20, 1 << 20);
    private static final int CONNECT_MILLIS = 5000;
    private static final int BATCH_KEYS = 1000;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int IN_FLIGHT = 8;

    private Imports() {}

    static RestorePipeline pipeline(RedisServer server) {
        return pipeline(server.target());
    }

    static RestorePipeline pipeline(Target target) {
        return new RestorePipeline(target, CONNECT_MILLIS);
    }

    static BatchReader reader(InputStream in, RdbLimits limits) {
        return new BatchReader(in, limits, BATCH_KEYS, BATCH_BYTES, IN_FLIGHT);
    }

    /** Imports with a pipeline of its own. */
    static RestoreResult all(RedisServer server, RdbFile file, ConflictPolicy policy) throws IOException {
        try (RestorePipeline pipeline = pipeline(server)) {
            return all(pipeline, file, policy);
        }
    }

    static RestoreResult all(KeyPipeline pipeline, RdbFile file, ConflictPolicy policy) throws IOException {
        return all(pipeline, reader(file.open(), LIMITS), policy);
    }

    /**
     * @throws DeliveryException of the first batch that failed
     */
    static RestoreResult all(KeyPipeline pipeline, BatchReader reader, ConflictPolicy policy) throws IOException {
        return all(pipeline, reader, DeliveryRules.of(policy));
    }

    /** The rules by which everything is rebuilt that can be. */
    static DeliveryRules rebuilding(ConflictPolicy policy) {
        return new DeliveryRules(policy, true, DeliveryRules.MAX_RESTORE_BYTES, LossPolicy.KEEP);
    }

    /** Imports with a pipeline of its own. */
    static RestoreResult all(RedisServer server, InputStream file, DeliveryRules rules) throws IOException {
        try (RestorePipeline pipeline = pipeline(server)) {
            return all(pipeline, reader(file, LIMITS), rules);
        }
    }

    /**
     * @throws DeliveryException of the first batch that failed
     */
    static RestoreResult all(KeyPipeline pipeline, BatchReader reader, DeliveryRules rules) throws IOException {
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        try (reader) {
            while (reader.hasNext()) {
                results.add(pipeline.deliver(reader.next(), rules));
            }
            RestoreResult sum = RestoreResult.NONE;
            for (CompletableFuture<RestoreResult> result : results) {
                sum = sum.plus(await(result));
            }
            return sum;
        }
    }

    /**
     * Imports keys and commands, with keys that exist replaced.
     *
     * @throws DeliveryException of the first batch that failed
     */
    static RestoreResult everything(RestorePipeline pipeline, AofReader reader) throws IOException {
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        try (reader) {
            while (reader.hasNext()) {
                BackupBatch batch = reader.next();
                results.add(
                        batch instanceof KeyBatch keys
                                ? pipeline.deliver(keys, ConflictPolicy.REPLACE)
                                : pipeline.deliver((CommandBatch) batch));
            }
            RestoreResult sum = RestoreResult.NONE;
            for (CompletableFuture<RestoreResult> result : results) {
                sum = sum.plus(await(result));
            }
            return sum;
        }
    }

    /**
     * @throws DeliveryException of the batch
     */
    static RestoreResult await(CompletableFuture<RestoreResult> result) throws DeliveryException {
        try {
            return result.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (DeliveryException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no result came", e);
        }
    }
}
