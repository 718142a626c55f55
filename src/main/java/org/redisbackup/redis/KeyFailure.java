package org.redisbackup.redis;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Printable;

/**
 * One key, function library, script or command that did not reach the target, and why.
 *
 * @param dump that it is of, as {@link KeyBatch#dump} and {@link CommandBatch#dump} tell it
 * @param outcome {@link KeyOutcome#UNSUPPORTED} or {@link KeyOutcome#FAILED}
 * @param db database number in the backup; {@value #NOWHERE} for a function library or a script
 * @param key the key, the library's name, the script's SHA-1 or the first key of the command, as {@link Printable} shows
 *     it
 * @param exactKey the bytes of the key as ISO 8859-1 characters; null where there is no key, for one of more than
 *     {@value #MAX_EXACT_KEY} bytes, and in a sum of results
 * @param type the value type's name; {@value #FUNCTION} for a function library, {@value #SCRIPT} for a script,
 *     {@value #COMMAND} and the name for a command
 * @param offset bytes from the start of the dump to the record or command; {@value #NOWHERE} for a function library or a
 *     script
 * @param reason one sentence
 */
public record KeyFailure(
        String dump, KeyOutcome outcome, int db, String key, String exactKey, String type, long offset, String reason)
        implements Serializable {
    /** Longer keys are told as text only. */
    public static final int MAX_EXACT_KEY = 64 << 10;

    /** The {@link #type} of a function library. */
    public static final String FUNCTION = "function";

    /** The {@link #type} of a Lua script. */
    public static final String SCRIPT = "script";

    /** What the {@link #type} of a command of an append-only file starts with; its name follows. */
    public static final String COMMAND = "command ";

    /** {@link #db} and {@link #offset} of what stands in no database: a function library or a script. */
    public static final int NOWHERE = -1;

    private static final Pattern LIBRARY_NAME = Pattern.compile("\\A#!\\S+.*?\\bname=(\\S+)");

    static KeyFailure ofKey(KeyOutcome outcome, KeyBatch batch, int i, String reason) {
        return new KeyFailure(
                batch.dump(),
                outcome,
                batch.storedDb(i),
                batch.storedKeyText(i),
                exact(batch.storedKey(i)),
                batch.type(i).logicalName(),
                batch.offset(i),
                reason);
    }

    static KeyFailure ofFunction(KeyBatch batch, byte[] code, String reason) {
        Matcher shebang = LIBRARY_NAME.matcher(new String(code, StandardCharsets.ISO_8859_1));
        byte[] name = shebang.find() ? shebang.group(1).getBytes(StandardCharsets.ISO_8859_1) : new byte[0];
        return new KeyFailure(
                batch.dump(),
                KeyOutcome.FAILED,
                NOWHERE,
                Printable.of(name, 0, name.length),
                null,
                FUNCTION,
                NOWHERE,
                reason);
    }

    static KeyFailure ofScript(KeyBatch batch, byte[] code, String reason) {
        return new KeyFailure(batch.dump(), KeyOutcome.FAILED, NOWHERE, sha1(code), null, SCRIPT, NOWHERE, reason);
    }

    static KeyFailure ofCommand(CommandBatch batch, int i, String reason) {
        byte[] name = batch.name(i).getBytes(StandardCharsets.ISO_8859_1);
        byte[] key = batch.key(i);
        return new KeyFailure(
                batch.dump(),
                KeyOutcome.FAILED,
                batch.db(i),
                key == null ? "" : Printable.of(key, 0, key.length),
                exact(key),
                COMMAND + Printable.of(name, 0, name.length),
                batch.offset(i),
                reason);
    }

    /** The same, as one of many that are kept for long. */
    KeyFailure withoutExactKey() {
        return new KeyFailure(dump, outcome, db, key, null, type, offset, reason);
    }

    private static String exact(byte[] key) {
        return key == null || key.length > MAX_EXACT_KEY ? null : new String(key, StandardCharsets.ISO_8859_1);
    }

    /** What {@code EVALSHA} calls it by. */
    private static String sha1(byte[] code) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(code));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
