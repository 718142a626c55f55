package org.redisbackup.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartWindowTest {
    private static final int PART = 10;

    private final PartBuffers buffers = new PartBuffers(new ReadAhead(PART, 2));

    @Test
    void givesItsBuffersBackOnceItIsClosedAndNobodyFillsThem() throws Exception {
        PartWindow window = new PartWindow(buffers, 0, 100);
        window.join();
        window.join();
        List<byte[]> own = List.of(window.claim().bytes(), window.claim().bytes());
        own.forEach(buffer -> buffer[0] = 1); // arrays are compared by what they hold

        window.leave();
        assertThat(take(2)).doesNotContainAnyElementsOf(own);
        window.close();
        assertThat(take(2)).as("one still fills").doesNotContainAnyElementsOf(own);
        window.leave();
        assertThat(take(2)).containsExactlyInAnyOrderElementsOf(own);
        window.close();
        assertThat(take(2)).as("given back once").doesNotContainAnyElementsOf(own);
    }

    @Test
    void givesItsBuffersBackWhenItIsClosedLast() throws Exception {
        PartWindow window = new PartWindow(buffers, 0, 10);
        window.join();
        byte[] own = window.claim().bytes();
        own[0] = 1;
        window.leave();

        window.close();
        assertThat(take(1)).containsExactly(own);
    }

    @Test
    void usesTheBufferOfAPartThatWasReadAgain() throws Exception {
        PartWindow window = new PartWindow(buffers, 0, 100);
        window.join();
        PartWindow.Part part = window.claim();
        byte[] own = part.bytes();
        own[0] = 1;
        window.filled(part, PART);
        assertThat(window.read(new byte[PART], 0, PART)).isEqualTo(PART);

        assertThat(window.claim().bytes()).isSameAs(own);
        assertThat(window.claim().bytes()).isNotSameAs(own);
    }

    @Test
    void readsNothingAnyMoreWhenItIsClosed() throws Exception {
        PartWindow window = new PartWindow(buffers, 0, 100);
        window.join();
        PartWindow.Part part = window.claim();
        part.bytes();
        window.filled(part, PART);
        window.leave();
        window.close();

        assertThat(window.read(new byte[PART], 0, PART)).isEqualTo(-1);
    }

    @Test
    void keepsTheBuffersOfOneObject() {
        List<byte[]> ofTwoObjects = take(4);
        ofTwoObjects.forEach(buffer -> buffer[0] = 1);
        ofTwoObjects.forEach(buffers::giveBack);
        assertThat(take(4)).filteredOn(buffer -> buffer[0] == 1).hasSize(2);
    }

    @Test
    void keepsNoBufferThatIsTooShort() {
        byte[] small = buffers.take(PART - 1);
        assertThat(small).hasSize(PART - 1);
        buffers.giveBack(small);
        assertThat(take(1)).allMatch(buffer -> buffer.length == PART);
    }

    private List<byte[]> take(int count) {
        List<byte[]> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(buffers.take(PART));
        }
        return taken;
    }
}
