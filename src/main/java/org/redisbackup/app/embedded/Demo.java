package org.redisbackup.app.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;

/** Imports the sample backups through the REST API, as any client would, and shows how it goes and how to do it again. */
public final class Demo {
    private static final Duration LIVE = Duration.ofMillis(100);
    private static final Duration LINE_BY_LINE = Duration.ofSeconds(1);

    /** A line of {@code INFO keyspace}. */
    private static final Pattern KEYSPACE = Pattern.compile("db(\\d+):keys=(\\d+),expires=(\\d+)");

    private final URI project;
    private final String token;
    private final MigrationClient api;
    private final PrintStream out;
    private final boolean live;

    /**
     * @param base of the service, {@code http://host:port}
     * @param out for the progress: one line that changes when there is a terminal, else a line a second
     */
    public Demo(URI base, String projectId, String token, PrintStream out) {
        this.project = URI.create(base + "/v2/" + projectId);
        this.token = token;
        this.api = new MigrationClient(project, token);
        this.out = out;
        this.live = out == System.out && isTerminal();
    }

    /** Java itself can't tell since version 22: {@code System.console} answers for redirected output too. */
    private static boolean isTerminal() {
        try {
            Process test = new ProcessBuilder("sh", "-c", "test -t 1")
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return test.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Imports all backups under {@code demo/} and waits for the end.
     *
     * @param bucket that holds them
     * @param instance id of the target
     * @param targetUrl address of the same target, to see what it holds then
     * @return whether the import succeeded
     * @throws IOException when the API or the target can't be reached, or the API refuses the task
     */
    public boolean run(String bucket, String instance, String targetUrl) throws IOException {
        String body =
                """
                {"task_name":"demo-import","migration_type":"backupfile_import",\
                "migration_method":"full_amount_migration",\
                "backup_files":{"file_source":"self_build_obs","bucket_name":"%s","files":[{"file_name":"%s"}]},\
                "target_instance":{"id":"%s"}}"""
                        .formatted(bucket, SampleBackup.PREFIX, instance);
        out.println("Importing s3://" + bucket + "/" + SampleBackup.PREFIX + " into " + targetUrl);
        String id = api.create(body);
        JsonNode stats = follow(id);
        JsonNode task = api.show(id);
        boolean succeeded = task.path("status").asText().equals("SUCCESS");
        report(task, stats);
        if (succeeded) {
            showTarget(targetUrl);
        }
        showCurl(body, id);
        return succeeded;
    }

    private JsonNode follow(String id) throws IOException {
        long start = System.nanoTime();
        JsonNode stats = api.stats(id);
        String counts = counts(stats);
        while (stats.path("is_migrating").asBoolean()) {
            print(counts, start);
            pause();
            JsonNode before = stats;
            stats = api.stats(id);
            if (number(stats, "read_bytes") != number(before, "read_bytes")) {
                counts = counts(stats); // the service counts now and then: between, its average would only seem to fall
            }
        }
        print(counts(stats), start);
        if (live) {
            out.println();
        }
        return stats;
    }

    private void print(String counts, long start) {
        String line = String.format(Locale.ROOT, "  %s  %.1f s", counts, (System.nanoTime() - start) / 1e9);
        if (live) {
            out.print("\r" + line + "   ");
            out.flush();
        } else {
            out.println(line);
        }
    }

    private static String counts(JsonNode stats) {
        return String.format(
                Locale.ROOT,
                "%3d %%  %,d keys  %.1f of %.1f MB  %,d keys/s",
                number(stats, "full_migration_progress"),
                number(stats, "source_dbsize"),
                number(stats, "read_bytes") / 1e6,
                number(stats, "total_bytes") / 1e6,
                number(stats, "target_ops"));
    }

    private void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep((live ? LIVE : LINE_BY_LINE).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the import");
        }
    }

    private void report(JsonNode task, JsonNode stats) {
        out.printf(
                Locale.ROOT,
                "%s: %,d keys read; %,d imported, %,d replaced, %,d skipped, %,d expired, %,d unsupported, %,d failed%n",
                task.path("status").asText(),
                number(stats, "source_dbsize"),
                number(stats, "imported_keys"),
                number(stats, "replaced_keys"),
                number(stats, "skipped_keys"),
                number(stats, "expired_keys"),
                number(stats, "unsupported_keys"),
                number(stats, "failed_keys"));
        if (task.hasNonNull("error_message")) {
            out.println(task.path("error_message").asText());
        }
    }

    private void showTarget(String url) {
        try (Jedis target = new Jedis(url)) {
            out.println("The target holds now:");
            KEYSPACE.matcher(target.info("keyspace"))
                    .results()
                    .forEach(db -> out.printf(
                            Locale.ROOT,
                            "  database %s: %,d keys, %,d of them with an expiry%n",
                            db.group(1),
                            Long.parseLong(db.group(2)),
                            Long.parseLong(db.group(3))));
        }
    }

    private void showCurl(String body, String id) {
        String header = "-H 'X-Auth-Token: " + token + "'";
        out.println("The API is at " + project + ". To import again, and to see how it went:");
        out.println("  curl -s " + header + " -H 'Content-Type: application/json' -d '" + body + "' " + project
                + "/migration-task");
        out.println("  curl -s " + header + " " + project + "/migration-task/" + id);
    }

    private static long number(JsonNode node, String field) {
        return node.path(field).asLong();
    }
}
