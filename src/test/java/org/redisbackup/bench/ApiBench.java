package org.redisbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Many clients of the API at once: {@code ApiBench CLIENTS SECONDS FILE}. Each creates a task that imports a small file,
 * lists tasks and asks for its own until that has finished, again and again. Prints how long each kind of request took;
 * any answer but success ends it with an error.
 */
public final class ApiBench {
    private static final String KEY = "small.rdb";

    private final Map<String, ConcurrentLinkedQueue<Long>> nanos = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final BenchService service;
    private final long end;

    private ApiBench(BenchService service, int seconds) {
        this.service = service;
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    public static void main(String[] arguments) throws Exception {
        byte[] file = Files.readAllBytes(Path.of(arguments[2]));
        try (BenchService service = BenchService.start(client -> client.putObject(
                request -> request.bucket(BenchService.BUCKET).key(KEY), RequestBody.fromBytes(file)))) {
            ApiBench bench = new ApiBench(service, Integer.parseInt(arguments[1]));
            bench.run(Integer.parseInt(arguments[0]));
            System.out.println("service: " + service.peakMemory());
        }
    }

    private void run(int clients) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(this::useTheService, "client-" + i);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        new TreeMap<>(nanos).forEach(ApiBench::print);
        if (!failures.isEmpty()) {
            throw new IOException(failures.size() + " clients failed", failures.peek());
        }
    }

    private void useTheService() {
        try {
            while (System.nanoTime() < end) {
                String id = timed("create", () -> service.create(List.of(KEY)));
                String status;
                do {
                    timed("list", () -> service.get("migration-tasks?limit=10"));
                    status = timed("show", () -> service.get("migration-task/" + id))
                            .get("status")
                            .asText();
                } while (status.equals("MIGRATING"));
                if (!status.equals("SUCCESS")) {
                    throw new IOException("task " + id + " ended as " + status);
                }
            }
        } catch (Exception e) {
            failures.add(e);
        }
    }

    private interface Request<T> {
        T send() throws IOException, InterruptedException;
    }

    private <T> T timed(String kind, Request<T> request) throws IOException, InterruptedException {
        long start = System.nanoTime();
        T answer = request.send();
        nanos.computeIfAbsent(kind, any -> new ConcurrentLinkedQueue<>()).add(System.nanoTime() - start);
        return answer;
    }

    private static void print(String kind, ConcurrentLinkedQueue<Long> durations) {
        List<Long> sorted = durations.stream().sorted().toList();
        System.out.printf(
                "%s: %d requests, median %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                kind,
                sorted.size(),
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get(sorted.size() * 99 / 100) / 1e6,
                sorted.get(sorted.size() - 1) / 1e6);
    }
}
