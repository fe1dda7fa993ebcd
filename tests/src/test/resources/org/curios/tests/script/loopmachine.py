while True:
    try:
        machine.run()
    except BaseException:
        print("caught")
