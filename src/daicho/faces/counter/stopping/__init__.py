"""処理の抑止 at the counter: placing stops, ending them by two, and what other pages say of them."""
