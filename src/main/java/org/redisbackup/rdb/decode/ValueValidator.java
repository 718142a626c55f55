package org.redisbackup.rdb.decode;

import java.io.IOException;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.HashTemplates;
import org.redisbackup.rdb.Lzf;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbPrimitives;
import org.redisbackup.rdb.Slice;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.rdb.ValueType;

/**
 * Checks values, by a quick look where that is enough, else by decoding them: their structure, that collections have elements, and that no member or field is there
 * twice, as far as {@link Members} remembers them. Servers assert some of that when they read a value or change its
 * encoding, and exit. Values of modules pass unseen.
 *
 * <p>Nothing is allocated for a value that is sound. For one thread.
 */
public final class ValueValidator implements ValueCheck {
    private static final int LZF = 0xC3;

    private final ArrayWindow window = new ArrayWindow();
    private final RdbPrimitives primitives = new RdbPrimitives(window);
    private final SoundnessScan scan = new SoundnessScan();
    private final Checker checker = new Checker();
    private final ValueDecoder decoder = new ValueDecoder(window, Integer.MAX_VALUE, maxElement(), checker);

    /** What an element may take that is decompressed with the packed collection that it is part of. */
    private static int maxElement() {
        return (int) Math.min(Runtime.getRuntime().maxMemory() / 8, Integer.MAX_VALUE / 2);
    }

    @Override
    public void check(ValueType type, HashTemplates templates, byte[] bytes, int from, int length, long offset)
            throws IOException {
        if (!scan.isSound(type, bytes, from, length)) {
            decode(type, templates, bytes, from, length, offset);
        }
    }

    /** Looks at the elements of a value, whatever a quick look says. */
    void decode(ValueType type, HashTemplates templates, byte[] bytes, int from, int length, long offset)
            throws IOException {
        window.over(bytes, from, length, offset);
        if (type == ValueType.STRING) {
            checkString();
        } else if (ValueDecoder.isDecodable(type)) {
            checker.start(window, type != ValueType.SET_INTSET); // whose numbers rise
            decoder.decode(type, templates);
            checkNotEmpty(type);
            if (window.available() > 0) {
                throw new RdbFormatException(window.offset(), "the value goes on behind its end");
            }
        }
    }

    /** Packed collections that were decompressed to be looked at: what a server would do once more. */
    @Override
    public Slice cheaperForm() {
        return scan.cheaperForm();
    }

    /** Only LZF data can be wrong; that it is sound is found without decompressing it. */
    private void checkString() throws IOException {
        if (window.peek() != LZF) {
            return;
        }
        window.skip(1);
        long compressed = primitives.length();
        long plain = primitives.plainLength(compressed);
        window.need(compressed);
        if (!Lzf.isValid(window.buffer(), window.position(), (int) compressed, plain)) {
            throw new RdbFormatException(
                    window.offset(), "this is not the LZF data of " + plain + " bytes that it claims to be");
        }
    }

    private void checkNotEmpty(ValueType type) throws RdbFormatException {
        boolean mayBeEmpty = type.logicalName().equals("stream");
        if (checker.elements == 0 && !mayBeEmpty) {
            throw new RdbFormatException(
                    window.offset(), "the " + type.logicalName() + " is empty, and servers hold no empty ones");
        }
    }

    private static final class Checker implements ElementVisitor {
        private final Members members = new Members();
        private ArrayWindow at;
        private long elements;
        private boolean inEntry;
        private boolean remembers;

        void start(ArrayWindow window, boolean remembersMembers) {
            remembers = remembersMembers;
            at = window;
            elements = 0;
            inEntry = false;
            members.clear();
        }

        @Override
        public void element(Element element) {
            elements++;
        }

        @Override
        public void arrayElement(long index, Element element) {
            elements++;
        }

        @Override
        public void arrayElement(long index, double element) {
            elements++;
        }

        @Override
        public void member(Element member) throws IOException {
            elements++;
            if (remembers && !members.add(member)) {
                throw new RdbFormatException(at.offset(), "a member is there twice");
            }
        }

        /** The decoder has seen that it is a number; which one is of no interest. */
        @Override
        public void scoreText(Element text) {}

        @Override
        public void entry(long millis, long sequence) {
            inEntry = true;
        }

        @Override
        public void field(Element field) throws IOException {
            elements++;
            if (!inEntry && !members.add(field)) {
                throw new RdbFormatException(at.offset(), "a field is there twice");
            }
        }
    }
}
