package org.redisbackup.rdb.decode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.Loss;

/**
 * Rebuilds strings, lists, sets, sorted sets, hashes and arrays: {@code SET} and {@code APPEND}, {@code RPUSH}, {@code
 * SADD}, {@code ZADD}, {@code HSET} and {@code HPEXPIREAT}, {@code ARMSET}, each command of about 1 MB at most and of {@value
 * #MAX_WORDS} words at most. A longer element makes a longer command.
 */
final class CollectionCommands implements ElementVisitor {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_WORDS = 2000;

    private final byte[] key;
    private final TargetFeatures features;
    private final long now;
    private final CommandSink sink;
    private final Set<Loss> losses;
    private final RespCommand command;
    private RespCommand expire; // made when a field ends at a time
    private final boolean isSorted;
    private int headWords; // of the open command, which has elements when it has more; 0 when none is open
    private long elements;
    private int wordsBefore; // the last field
    private int bytesBefore;
    private boolean textSent;
    private byte[] member = new byte[64]; // of a sorted set: servers want the score first
    private int memberLength;
    private int fieldStart;
    private int fieldEnd;
    /** Of the open {@code HSET}: where the fields lie in it that end at a time. */
    private final Map<Long, List<int[]>> expiring = new TreeMap<>();

    /**
     * @param command to be filled
     * @param now Unix milliseconds; fields that end by then are left out
     */
    CollectionCommands(
            byte[] key,
            boolean isSorted,
            TargetFeatures features,
            long now,
            RespCommand command,
            CommandSink sink,
            Set<Loss> losses) {
        this.key = key;
        this.isSorted = isSorted;
        this.features = features;
        this.now = now;
        this.command = command;
        this.sink = sink;
        this.losses = losses;
    }

    /** Elements that the value has, those among them that are left out because their time is over. */
    long elements() {
        return elements;
    }

    /** Sends what is left. An empty collection gives no command, because no server holds one. */
    void end() throws IOException {
        flush();
    }

    /** Sends what is left of a string, which may be empty. */
    void endString() throws IOException {
        if (!textSent) {
            textPart(key, 0, 0);
        }
    }

    @Override
    public void text(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += MAX_BYTES) {
            textPart(bytes, offset + done, Math.min(MAX_BYTES, length - done));
        }
    }

    private void textPart(byte[] bytes, int offset, int length) throws IOException {
        command.start(textSent ? "APPEND" : "SET", key);
        command.word(bytes, offset, length);
        command.sendTo(sink);
        textSent = true;
    }

    @Override
    public void element(Element element) throws IOException {
        open("RPUSH");
        command.word(element);
    }

    @Override
    public void member(Element element) throws IOException {
        if (!isSorted) {
            open("SADD");
            command.word(element);
            return;
        }
        byte[] bytes = element.bytes();
        memberLength = element.length();
        if (member.length < memberLength) {
            member = new byte[Math.max(memberLength, member.length * 2)];
        }
        System.arraycopy(bytes, element.start(), member, 0, memberLength);
    }

    @Override
    public void score(double score) throws IOException {
        open("ZADD");
        if (score == (long) score && Math.abs(score) < 1L << 53) {
            noteNegativeZero(1 / score < 0 && score == 0);
            command.word((long) score);
        } else if (Double.isInfinite(score)) {
            command.word(score > 0 ? "inf" : "-inf");
        } else {
            command.word(Double.toString(score));
        }
        command.word(member, 0, memberLength);
    }

    /** What a server wrote as text another reads as the same number. */
    @Override
    public void scoreText(Element text) throws IOException {
        open("ZADD");
        noteNegativeZero(!text.isNumber() && text.bytes()[text.start()] == '-' && Scores.parse(text) == 0);
        command.word(text);
        command.word(member, 0, memberLength);
    }

    private void noteNegativeZero(boolean found) {
        if (found) {
            losses.add(Loss.NEGATIVE_ZERO);
        }
    }

    @Override
    public void field(Element field) throws IOException {
        open(features.longHset() ? "HSET" : "HMSET");
        wordsBefore = command.words();
        bytesBefore = command.bytes();
        command.word(field);
        fieldEnd = command.lastWordEnd();
        fieldStart = fieldEnd - field.length();
    }

    @Override
    public void value(Element value) throws IOException {
        command.word(value);
    }

    @Override
    public void fieldExpiry(long millis) {
        if (millis <= now) {
            command.cutTo(wordsBefore, bytesBefore);
        } else if (features.fieldExpiry()) {
            expiring.computeIfAbsent(millis, time -> new ArrayList<>()).add(new int[] {fieldStart, fieldEnd});
        } else {
            losses.add(Loss.FIELD_EXPIRY);
        }
    }

    @Override
    public void arrayInsertIndex(long index) {
        losses.add(Loss.ARRAY_INSERT_INDEX);
    }

    @Override
    public void arrayElement(long index, Element element) throws IOException {
        open("ARMSET");
        command.word(Long.toUnsignedString(index));
        command.word(element);
    }

    @Override
    public void arrayElement(long index, double element) throws IOException {
        open("ARMSET");
        command.word(Long.toUnsignedString(index));
        command.word(Double.toString(element));
    }

    /** Makes sure that a command is open that takes another element. */
    private void open(String name) throws IOException {
        elements++;
        if (command.bytes() >= MAX_BYTES || command.words() >= MAX_WORDS) {
            flush();
        }
        if (headWords == 0) {
            command.start(name, key);
            headWords = command.words();
        }
    }

    private void flush() throws IOException {
        if (headWords == 0 || command.words() == headWords) {
            return;
        }
        command.sendTo(sink);
        headWords = 0;
        if (!expiring.isEmpty()) {
            expireFields();
        }
    }

    private void expireFields() throws IOException {
        if (expire == null) {
            expire = command.another();
        }
        for (Map.Entry<Long, List<int[]>> time : expiring.entrySet()) {
            expire.start("HPEXPIREAT", key);
            expire.word(time.getKey());
            expire.word("FIELDS");
            expire.word(time.getValue().size());
            for (int[] field : time.getValue()) {
                expire.word(command, field[0], field[1] - field[0]);
            }
            expire.sendTo(sink);
        }
        expiring.clear();
    }
}
