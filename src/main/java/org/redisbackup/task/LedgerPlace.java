package org.redisbackup.task;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where the ledger of one task lies. Names of its objects are made of the task's id, digests and numbers, so that no
 * file's name can lead elsewhere, and no task writes over what another wrote.
 *
 * @param bucket that holds it
 * @param prefix of the keys of all its objects; ends with a slash
 */
public record LedgerPlace(String bucket, String prefix) {
    private static final String INDEX = "ledger.json";
    private static final int DIGEST_BYTES = 8;

    /** The ledger that the task's options ask for, or null. */
    static LedgerPlace of(ImportTask task) {
        ImportOptions.Ledger asked = task.options().ledger();
        return asked == null
                ? null
                : new LedgerPlace(
                        asked.bucket() == null ? task.bucket() : asked.bucket(), asked.prefix() + task.id() + "/");
    }

    /** Key of the object that says what the ledger consists of. */
    public String index() {
        return prefix + INDEX;
    }

    /**
     * Key of an object with failures of one file.
     *
     * @param uri of the file
     * @param attempt at the task: an instance that was taken over must not write over what its successor wrote
     * @param number from 1 on
     */
    String object(String uri, int attempt, int number) {
        return "%s%s-%d-%06d.jsonl".formatted(prefix, digest(uri), attempt, number);
    }

    private static String digest(String uri) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(uri.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
