package org.redisbackup.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.redisbackup.aof.AofManifestException;
import org.redisbackup.aof.AofReader;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.archive.BackupContent;
import org.redisbackup.archive.BackupContentException;
import org.redisbackup.archive.ContentLimits;
import org.redisbackup.archive.DumpReader;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupFormatException;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.support.AofCorpus;
import org.redisbackup.support.Streams;
import redis.clients.jedis.Jedis;

/**
 * Imports hostile backups and then reads every key of the server: a program, so that it can be run with a small heap. What
 * is neither a report that adds up nor a typed refusal ends it.
 */
final class HostileImport {
    private static final int BATCH_KEYS = 1000;

    private static final int BATCH_BYTES = 256 * 1024;
    private static final int IN_FLIGHT = 4;

    private final Target target;
    private final Jedis jedis;
    private RestoreResult result;

    private HostileImport(Target target, Jedis jedis) {
        this.target = target;
        this.jedis = jedis;
    }

    /**
     * Prints a line for each backup and validation policy.
     *
     * @param arguments the port of the server, then the backups: files, or folders of append-only ones
     */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        try (Jedis jedis = new Jedis("127.0.0.1", port)) {
            HostileImport imports = new HostileImport(new Target("127.0.0.1", port, null, null, false), jedis);
            for (String backup : Arrays.asList(arguments).subList(1, arguments.length)) {
                for (ValidationPolicy policy : List.of(ValidationPolicy.FAIL, ValidationPolicy.SKIP)) {
                    System.out.println(
                            Path.of(backup).getFileName() + "\t" + policy + "\t" + outcome(imports, backup, policy));
                }
            }
        }
    }

    private static String outcome(HostileImport imports, String backup, ValidationPolicy policy) {
        try {
            return imports.of(Path.of(backup), RdbLimits.forThisHeap().withValidation(policy));
        } catch (IOException | RuntimeException e) {
            throw new AssertionError(backup + " with " + policy, e);
        }
    }

    private String of(Path backup, RdbLimits limits) throws IOException {
        jedis.flushAll();
        jedis.functionFlush();
        result = RestoreResult.NONE;
        String end = end(backup, limits);
        long keys = WholeKeys.readAll(jedis);
        boolean onlyKeys = result.commands() + result.failedCommands() == 0;
        if (onlyKeys && keys != result.imported()) {
            throw new AssertionError(keys + " keys are there, but " + result);
        }
        return keys + " keys\t" + result.failed() + " failed\t" + end;
    }

    private String end(Path backup, RdbLimits limits) throws IOException {
        try (RestorePipeline pipeline = Imports.pipeline(target);
                BackupReader<BackupBatch> reader = reader(backup, limits)) {
            while (reader.hasNext()) {
                deliver(pipeline, reader.next());
            }
            return reader.warning() == null ? "read to its end" : reader.warning();
        } catch (UncheckedIOException e) {
            return refusal(e.getCause());
        } catch (AofManifestException e) {
            return refusal(e);
        }
    }

    private void deliver(RestorePipeline pipeline, BackupBatch batch) throws IOException {
        try {
            result = result.plus(Imports.await(
                    batch instanceof KeyBatch keys
                            ? pipeline.deliver(keys, ConflictPolicy.SKIP)
                            : pipeline.deliver((CommandBatch) batch)));
        } catch (DeliveryException e) {
            if (!e.getMessage().startsWith("the backup broke while the value was sent")) {
                throw e;
            }
            result = result.plus(e.result()); // and the reader tells why
        }
    }

    private static String refusal(IOException e) throws IOException {
        if (e instanceof BackupFormatException
                || e instanceof BackupContentException
                || e instanceof AofManifestException
                || e instanceof NoSuchFileException) {
            return e.getMessage();
        }
        throw e;
    }

    private static BackupReader<BackupBatch> reader(Path backup, RdbLimits limits) throws IOException {
        if (Files.isDirectory(backup)) {
            return new AofReader(
                    AofCorpus.parts(backup, Streams.WHOLE),
                    limits,
                    BATCH_KEYS,
                    BATCH_BYTES,
                    IN_FLIGHT,
                    new ValueValidator());
        }
        BackupContent content = new BackupContent(
                Files.newInputStream(backup),
                () -> Files.newInputStream(backup),
                ContentLimits.STANDARD,
                warning -> {});
        return new DumpReader(content, limits, BATCH_KEYS, BATCH_BYTES, IN_FLIGHT, new ValueValidator());
    }
}
