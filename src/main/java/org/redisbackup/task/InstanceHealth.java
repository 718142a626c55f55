package org.redisbackup.task;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.redisbackup.redis.Secret;

/** How the servers are that requests ask about. What was learned of a registered one is good for ten seconds. */
public final class InstanceHealth implements AutoCloseable {
    private static final Duration GOOD_FOR = Duration.ofSeconds(10);
    private static final int TIMEOUT_MILLIS = 1000;
    private static final int PATIENCE_MILLIS = 3000;
    private static final int THREADS = 8;

    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "instance-health");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();

    /**
     * How a server is this very moment.
     *
     * @param password in place of the registered one, or null
     * @return within seconds
     */
    public TargetHealth now(Instance instance, String password) {
        return TargetHealth.of(instance.target().withPassword(Secret.of(password)), PATIENCE_MILLIS);
    }

    /**
     * How registered instances are, in their order.
     *
     * @return within three seconds: who is not heard of until then counts as unreachable
     */
    public List<TargetHealth> of(List<Instance> instances) {
        List<CompletableFuture<TargetHealth>> answers =
                instances.stream().map(this::ask).toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .join();
        return answers.stream()
                .map(answer -> answer.getNow(TargetHealth.UNREACHABLE))
                .toList();
    }

    private CompletableFuture<TargetHealth> ask(Instance instance) {
        return asked.compute(instance.id(), (id, before) -> {
                    if (before != null && System.nanoTime() - before.when() < GOOD_FOR.toNanos()) {
                        return before;
                    }
                    return new Asked(
                            System.nanoTime(),
                            CompletableFuture.supplyAsync(
                                    () -> TargetHealth.of(instance.target(), TIMEOUT_MILLIS), pool));
                })
                .answer();
    }

    private record Asked(long when, CompletableFuture<TargetHealth> answer) {}

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
