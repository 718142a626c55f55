package org.redisbackup.rdb.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Arrays;
import org.redisbackup.rdb.Decimals;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.ElementTooLongException;

/** One command while it is put together; its number of words is known, and written, last. */
final class RespCommand {
    private static final int LONGEST_NUMBER = 20;
    /** Before the words: {@code *}, their number and a line end. */
    private static final int HEAD = 1 + LONGEST_NUMBER + 2;

    private final int maxWord;
    private final long offset;
    private final byte[] digits = new byte[LONGEST_NUMBER];
    private final byte[] numberDigits = new byte[LONGEST_NUMBER];
    private byte[] buffer = new byte[256];
    private int size;
    private int words;

    /**
     * @param maxWord bytes of the longest word that the target takes
     * @param offset of the record in the file, for the message about a longer one
     */
    RespCommand(int maxWord, long offset) {
        this.maxWord = maxWord;
        this.offset = offset;
    }

    /** One that has the same bounds. */
    RespCommand another() {
        return new RespCommand(maxWord, offset);
    }

    /** Forgets the last command and starts with the words of another. */
    void start(String name, byte[] key) throws ElementTooLongException {
        size = HEAD;
        words = 0;
        word(name);
        word(key, 0, key.length);
    }

    void word(String text) throws ElementTooLongException {
        byte[] bytes = text.getBytes(US_ASCII);
        word(bytes, 0, bytes.length);
    }

    void word(byte[] bytes) throws ElementTooLongException {
        word(bytes, 0, bytes.length);
    }

    void word(Element element) throws ElementTooLongException {
        byte[] bytes = element.bytes();
        word(bytes, element.start(), element.length());
    }

    void word(long number) throws ElementTooLongException {
        int start = Decimals.write(number, numberDigits);
        word(numberDigits, start, LONGEST_NUMBER - start);
    }

    void word(byte[] bytes, int from, int length) throws ElementTooLongException {
        if (length > maxWord) {
            throw new ElementTooLongException(offset, length, maxWord);
        }
        room(length + HEAD + 2);
        buffer[size++] = '$';
        size = decimal(length, size);
        lineEnd();
        System.arraycopy(bytes, from, buffer, size, length);
        size += length;
        lineEnd();
        words++;
    }

    /** Repeats a word of another command. */
    void word(RespCommand other, int from, int length) throws ElementTooLongException {
        word(other.buffer, from, length);
    }

    /** Takes back the words beyond so many. */
    void cutTo(int wordCount, int byteCount) {
        words = wordCount;
        size = byteCount;
    }

    /** Where the last word ends: its bytes lie before that. */
    int lastWordEnd() {
        return size - 2;
    }

    int words() {
        return words;
    }

    int bytes() {
        return size;
    }

    void sendTo(CommandSink sink) throws IOException {
        int start = Decimals.write(words, digits);
        int length = LONGEST_NUMBER - start;
        int from = HEAD - 2 - length - 1;
        buffer[from] = '*';
        System.arraycopy(digits, start, buffer, from + 1, length);
        buffer[HEAD - 2] = '\r';
        buffer[HEAD - 1] = '\n';
        sink.command(buffer, from, size - from);
    }

    private int decimal(int number, int at) {
        int start = Decimals.write(number, digits);
        System.arraycopy(digits, start, buffer, at, LONGEST_NUMBER - start);
        return at + LONGEST_NUMBER - start;
    }

    private void lineEnd() {
        buffer[size++] = '\r';
        buffer[size++] = '\n';
    }

    private void room(int bytes) {
        if (buffer.length - size < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
        }
    }
}
