package org.redisbackup.redis;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Printable;

/**
 * One key, or one function library, that did not reach the target, and why.
 *
 * @param dump that it is of, as {@link KeyBatch#dump} tells it
 * @param outcome {@link KeyOutcome#UNSUPPORTED} or {@link KeyOutcome#FAILED}
 * @param db database number in the backup; {@value #NOWHERE} for a function library
 * @param key the key, or the library's name, as {@link Printable} shows it
 * @param type the value type's name; {@value #FUNCTION} for a function library
 * @param offset bytes from the start of the RDB stream to the record; {@value #NOWHERE} for a function library
 * @param reason one sentence
 */
public record KeyFailure(String dump, KeyOutcome outcome, int db, String key, String type, long offset, String reason)
        implements Serializable {
    /** The {@link #type} of a function library. */
    public static final String FUNCTION = "function";

    /** {@link #db} and {@link #offset} of what stands in no database: a function library. */
    public static final int NOWHERE = -1;

    private static final Pattern LIBRARY_NAME = Pattern.compile("\\A#!\\S+.*?\\bname=(\\S+)");

    static KeyFailure ofKey(KeyOutcome outcome, KeyBatch batch, int i, String reason) {
        String key = Printable.of(batch.arena(), batch.keyOffset(i), batch.keyLength(i));
        return new KeyFailure(
                batch.dump(), outcome, batch.db(i), key, batch.type(i).logicalName(), batch.offset(i), reason);
    }

    static KeyFailure ofFunction(KeyBatch batch, byte[] code, String reason) {
        Matcher shebang = LIBRARY_NAME.matcher(new String(code, StandardCharsets.ISO_8859_1));
        byte[] name = shebang.find() ? shebang.group(1).getBytes(StandardCharsets.ISO_8859_1) : new byte[0];
        return new KeyFailure(
                batch.dump(),
                KeyOutcome.FAILED,
                NOWHERE,
                Printable.of(name, 0, name.length),
                FUNCTION,
                NOWHERE,
                reason);
    }
}
