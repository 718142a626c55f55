package org.redisbackup.rdb;

import java.io.IOException;

/**
 * Goes from element to element of an encoding, forward. An element is a string of bytes or an integer, which stands for
 * its decimal text. What is said about an element is valid until the next call of {@link #next}.
 *
 * <p>Nothing is allocated for an element. The encoding is checked as far as it was walked; who walked it to its end knows
 * that it is sound.
 */
public abstract class ElementCursor {
    private static final int LONGEST_NUMBER = 20;

    private final byte[] digits = new byte[LONGEST_NUMBER];
    private byte[] bytes;
    private int start;
    private int length;
    private long number;
    private boolean isNumber;

    /**
     * Goes to the next element.
     *
     * @return false when there is none
     * @throws RdbFormatException when the encoding is broken there
     */
    public abstract boolean next() throws IOException;

    /** Whether the element is stored as an integer. */
    public final boolean isNumber() {
        return isNumber;
    }

    /** The element, when it {@link #isNumber}. */
    public final long number() {
        return number;
    }

    /** Where the element's text lies: {@link #length} bytes from {@link #start}. */
    public final byte[] bytes() {
        if (bytes == null) {
            writeDigits();
        }
        return bytes;
    }

    /** To be asked after {@link #bytes}. */
    public final int start() {
        return start;
    }

    /** To be asked after {@link #bytes}. */
    public final int length() {
        return length;
    }

    protected final void setNumber(long value) {
        number = value;
        isNumber = true;
        bytes = null;
    }

    protected final void setText(byte[] source, int from, int count) {
        bytes = source;
        start = from;
        length = count;
        isNumber = false;
    }

    private void writeDigits() {
        start = Decimals.write(number, digits);
        length = LONGEST_NUMBER - start;
        bytes = digits;
    }
}
