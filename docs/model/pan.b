	switch (t->back) {
	default: Uerror("bad return move");
	case  0: goto R999; /* nothing to undo */

		 /* PROC :init: */

	case 3: // STATE 1
		;
		b = trpt->bup.oval;
		;
		goto R999;

	case 4: // STATE 2
		;
		((P0 *)_this)->y = trpt->bup.oval;
		;
		goto R999;

	case 5: // STATE 3
		;
		p_restor(II);
		;
		;
		goto R999;
	}

