package org.redisbackup.rdb.decode;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.ValueType;

/**
 * Turns records into the commands that rebuild their values, for targets that can't {@code RESTORE} them: older ones,
 * those of the other family, and values too large for one command. The key must not exist before; what a reader of the
 * key sees meanwhile is a part of the value. Its expiry is set last.
 */
public final class ValueCommands {
    private final TargetFeatures features;
    private final int maxElement;
    private final CommandSink sink;

    /**
     * @param features of the target, which {@link TargetFeatures#canHold can hold} the values
     * @param maxElement bytes of the longest element, but for strings, which are sent in parts; see {@link ValueDecoder}
     */
    public ValueCommands(TargetFeatures features, int maxElement, CommandSink sink) {
        this.features = features;
        this.maxElement = maxElement;
        this.sink = sink;
    }

    /**
     * Gives the commands for a record whose value lies in the batch or is streamed.
     *
     * @param key the name to rebuild it under, which may be a temporary one
     * @return what the target does not get
     * @throws org.redisbackup.rdb.RdbFormatException when the value is broken; commands may have been given before
     * @throws IOException when the backup can't be read, or the sink throws it
     */
    public Set<Loss> rebuild(KeyBatch batch, int i, byte[] key) throws IOException {
        Set<Loss> losses = EnumSet.noneOf(Loss.class);
        ValueType type = batch.type(i);
        switch (type.logicalName()) {
            case "stream" -> {
                StreamCommands commands = new StreamCommands(
                        key, features, sink, losses, batch.isStreamed(i) ? null : pendingIds(batch, i));
                decode(batch, i, commands);
                commands.end();
            }
            case "string" -> {
                CollectionCommands commands = collection(key, false, losses);
                decode(batch, i, commands);
                commands.endString();
            }
            default -> {
                CollectionCommands commands = collection(key, type.logicalName().equals("zset"), losses);
                decode(batch, i, commands);
                commands.end();
            }
        }
        if (batch.expireAt(i) != KeyBatch.NO_EXPIRY) {
            expire(key, batch.expireAt(i));
        }
        return losses;
    }

    private CollectionCommands collection(byte[] key, boolean isSorted, Set<Loss> losses) {
        return new CollectionCommands(key, isSorted, features.fieldExpiry(), sink, losses);
    }

    /** A stream in memory is read twice, because its pending entries stand behind the entries. */
    private List<StreamId> pendingIds(KeyBatch batch, int i) throws IOException {
        PendingIds ids = new PendingIds();
        decode(batch, i, ids);
        return ids.sorted();
    }

    private void decode(KeyBatch batch, int i, ElementVisitor visitor) throws IOException {
        new ValueDecoder(window(batch, i), maxElement, visitor).decode(batch.type(i), batch.templates());
    }

    private ByteWindow window(KeyBatch batch, int i) {
        if (batch.isStreamed(i)) {
            return new StreamWindow(batch.streamedValue(), batch.offset(i), maxElement);
        }
        ArrayWindow window = new ArrayWindow();
        window.over(batch.arena(), batch.valueOffset(i), (int) batch.valueLength(i), batch.offset(i));
        return window;
    }

    private void expire(byte[] key, long millis) throws IOException {
        RespCommand command = new RespCommand();
        command.start("PEXPIREAT", key);
        command.word(millis);
        command.sendTo(sink);
    }
}
