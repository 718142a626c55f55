package org.redisbackup.rdb.decode;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Set;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.ElementTooLongException;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Loss;
import org.redisbackup.rdb.RdbFormatException;

/**
 * Turns records into the commands that rebuild their values, for targets that can't {@code RESTORE} them: older ones,
 * those of the other family, and values too large for one command. The key must not exist before; what a reader of the
 * key sees meanwhile is a part of the value. When it expires is for the caller to set.
 *
 * <p>One object serves many records, one after the other.
 */
public final class ValueCommands {
    private final TargetFeatures features;
    private final int maxWord;

    /**
     * @param features of the target, which {@link TargetFeatures#canHold can hold} the values
     * @param maxWord bytes of the longest word that the target takes; strings are sent in parts
     */
    public ValueCommands(TargetFeatures features, int maxWord) {
        this.features = features;
        this.maxWord = maxWord;
    }

    /**
     * Gives the commands for a record whose value lies in the batch: none for a hash whose fields' times are over.
     *
     * @param key the name to rebuild it under, which may be a temporary one
     * @param now Unix milliseconds; fields that end by then are left out
     * @return what the target does not get
     * @throws ElementTooLongException when an element is longer than the target takes; see the next
     * @throws RdbFormatException when the value is broken; commands may have been given before
     * @throws IOException when the sink throws it
     */
    public Set<Loss> rebuild(KeyBatch batch, int i, byte[] key, long now, CommandSink sink) throws IOException {
        return new Rebuilding(batch, i, key, now, sink, null, maxWord).run();
    }

    /**
     * Gives the commands for a record whose value is streamed.
     *
     * @param value where its bytes come from; what it throws is thrown on
     * @param maxHeld bytes of an element that are held at once
     */
    public Set<Loss> rebuild(
            KeyBatch batch, int i, byte[] key, long now, CommandSink sink, InputStream value, int maxHeld)
            throws IOException {
        StreamWindow streamed = new StreamWindow(value, batch.offset(i), maxHeld);
        return new Rebuilding(batch, i, key, now, sink, streamed, maxHeld).run();
    }

    /** One record on its way. */
    private final class Rebuilding {
        private final KeyBatch batch;
        private final int i;
        private final byte[] key;
        private final long now;
        private final CommandSink sink;
        private final RespCommand command;
        private final StreamWindow streamed; // null for a value in the arena
        private final int maxElement;
        private final Set<Loss> losses = EnumSet.noneOf(Loss.class);

        Rebuilding(
                KeyBatch batch, int i, byte[] key, long now, CommandSink sink, StreamWindow streamed, int maxElement) {
            this.batch = batch;
            this.i = i;
            this.key = key;
            this.now = now;
            this.sink = sink;
            this.streamed = streamed;
            this.maxElement = maxElement;
            command = new RespCommand(maxWord, batch.offset(i));
        }

        Set<Loss> run() throws IOException {
            switch (batch.type(i).logicalName()) {
                case "stream" -> stream();
                case "string" -> {
                    CollectionCommands commands = collection(false);
                    decode(commands);
                    commands.endString();
                }
                case "zset" -> collect(true);
                default -> collect(false);
            }
            return losses;
        }

        /** A stream in memory is read twice, because its pending entries stand behind the entries. */
        private void stream() throws IOException {
            PendingIds ids = new PendingIds();
            if (streamed == null) {
                decode(ids);
            }
            StreamCommands commands =
                    new StreamCommands(key, features, command, sink, losses, streamed == null ? ids.sorted() : null);
            decode(commands);
            commands.end();
        }

        private void collect(boolean isSorted) throws IOException {
            CollectionCommands commands = collection(isSorted);
            decode(commands);
            if (commands.elements() == 0) {
                throw new RdbFormatException(
                        batch.offset(i),
                        "the " + batch.type(i).logicalName() + " is empty, and servers hold no empty ones");
            }
            commands.end();
        }

        private CollectionCommands collection(boolean isSorted) {
            return new CollectionCommands(key, isSorted, features, now, command, sink, losses);
        }

        private void decode(ElementVisitor visitor) throws IOException {
            ByteWindow window = streamed == null ? inArena() : streamed;
            new ValueDecoder(window, maxElement, visitor).decode(batch.type(i), batch.templates());
        }

        private ByteWindow inArena() {
            ArrayWindow window = new ArrayWindow();
            window.over(batch.arena(), batch.valueOffset(i), (int) batch.valueLength(i), batch.offset(i));
            return window;
        }
    }
}
