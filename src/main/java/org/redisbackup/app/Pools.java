package org.redisbackup.app;

import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.spi.ExecutorServiceManager;

/** The thread pools that the routes name. They bound what runs at once in the whole service. */
final class Pools {
    private static final int DEFAULT_FILES = 2;

    /** Threads for batches, beyond the one that every file in flight may block while it waits for its next batch. */
    private static final int BATCHES = 2;

    private final int files;

    Pools(Settings settings) {
        files = settings.number("redisbackup.files.parallel", DEFAULT_FILES, 1);
    }

    void register(ExecutorServiceManager executors) {
        register(executors, "files", files);
        register(executors, "batches", files + BATCHES);
    }

    private static void register(ExecutorServiceManager executors, String name, int threads) {
        executors.registerThreadPoolProfile(new ThreadPoolProfileBuilder(name)
                .poolSize(threads)
                .maxPoolSize(threads)
                .maxQueueSize(-1)
                .build());
    }
}
